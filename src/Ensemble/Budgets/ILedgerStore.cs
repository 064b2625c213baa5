namespace Ensemble;

/// <summary>
/// Keeps accounts and bookings. Each method is atomic, also between the processes that share a store: reservations on several accounts
/// succeed on all of them or on none, and their sum never exceeds what a cap has left. Bookings are idempotent by id. Thread-safe.
/// </summary>
public interface ILedgerStore
{
    /// <summary>Sets money aside on every account of the reservation, or on none.</summary>
    /// <param name="reservation">What to set aside.</param>
    /// <param name="cancellationToken">Cancels before anything is written.</param>
    /// <returns>Whether the money was reserved.</returns>
    ValueTask<ReserveOutcome> ReserveAsync(LedgerReservation reservation, CancellationToken cancellationToken);

    /// <summary>Closes a booking with what the call has cost, and counts its usage.</summary>
    /// <param name="settlement">The cost and the tokens.</param>
    /// <param name="cancellationToken">Cancels before anything is written.</param>
    /// <returns>What was done.</returns>
    ValueTask<SettleOutcome> SettleAsync(LedgerSettlement settlement, CancellationToken cancellationToken);

    /// <summary>Closes a booking whose call never left: nothing is booked or counted.</summary>
    /// <param name="id">The id of the reservation.</param>
    /// <param name="cancellationToken">Cancels before anything is written.</param>
    /// <returns>What was done.</returns>
    ValueTask<SettleOutcome> ReleaseAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Reads an account.</summary>
    /// <param name="account">The account.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>What is booked and reserved on it; zero for an account that was never used.</returns>
    ValueTask<LedgerBalance> GetBalanceAsync(LedgerAccount account, CancellationToken cancellationToken);

    /// <summary>Adds up what was used.</summary>
    /// <param name="query">The time, and by what to group.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>One line a group, by key in ordinal order.</returns>
    ValueTask<IReadOnlyList<UsageLine>> GetUsageAsync(UsageQuery query, CancellationToken cancellationToken);
}
