namespace Ensemble;

/// <summary>Money that is set aside before a call, on all accounts that the call falls on or on none.</summary>
public sealed class LedgerReservation
{
    /// <summary>Gets the id of the booking; a store that sees an id again answers as it did the first time.</summary>
    public required Guid Id { get; init; }

    /// <summary>Gets the upper bound of what the call costs, in nano-dollars.</summary>
    public required long NanoUsd { get; init; }

    /// <summary>Gets the accounts; empty when no budget concerns the call, which is then only counted.</summary>
    public required IReadOnlyList<LedgerAccount> Accounts { get; init; }

    /// <summary>Gets the model that is called.</summary>
    public required string Model { get; init; }

    /// <summary>Gets the tenant; <see langword="null"/> when there is none.</summary>
    public string? Tenant { get; init; }

    /// <summary>Gets the time of the reservation.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>
    /// Gets when the reservation is given up: a process that died in between cannot settle it, and then the whole of it is booked, since
    /// the money may have been spent. A settlement that comes later corrects that.
    /// </summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
