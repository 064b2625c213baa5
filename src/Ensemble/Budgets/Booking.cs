namespace Ensemble;

/// <summary>Money set aside for one call; the ledger that made it closes it, exactly once.</summary>
public sealed class Booking
{
    private int _closed;

    private readonly LedgerReservation _reservation;

    internal Booking(LedgerReservation reservation, SpendContext context, bool inRequest, IReadOnlyList<string> named, string? passed)
    {
        _reservation = reservation;
        Context = context;
        InRequest = inRequest;
        Named = named;
        PassedBudget = passed;
    }

    /// <summary>Gets the id, which makes settling idempotent.</summary>
    public Guid Id => _reservation.Id;

    /// <summary>Gets the model that is called.</summary>
    public string Model => _reservation.Model;

    /// <summary>Gets what was set aside, in US dollars.</summary>
    public decimal ReservedUsd => NanoUsd.ToUsd(ReservedNanoUsd);

    /// <summary>Gets whether the booking was settled or released.</summary>
    public bool IsClosed => Volatile.Read(ref _closed) != 0;

    /// <summary>Gets the exhausted budget whose callback let the call pass; <see langword="null"/> when every budget could pay.</summary>
    public string? PassedBudget { get; }

    internal SpendContext Context { get; }

    /// <summary>Gets the budgets that the request's compositions named.</summary>
    internal IReadOnlyList<string> Named { get; }

    internal long ReservedNanoUsd => _reservation.NanoUsd;

    internal bool InRequest { get; }

    internal bool TryClose() => Interlocked.Exchange(ref _closed, 1) == 0;

    // A store that failed has closed nothing; the next try may.
    internal void Reopen() => Volatile.Write(ref _closed, 0);
}
