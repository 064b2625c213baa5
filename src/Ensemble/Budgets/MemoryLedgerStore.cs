namespace Ensemble;

/// <summary>
/// Keeps the ledger in memory, for tests and for budgets that may end with the process: a monthly cap that forgets at restart is no cap.
/// Accounts of past windows, those of conversations that were idle for long, and usage older than the newest 100,000 lines are forgotten. Thread-safe by one short lock; never waits.
/// </summary>
public sealed class MemoryLedgerStore : ILedgerStore
{
    private const int MaxUsageLines = 100_000;
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly LedgerMachine _machine = new();
    private readonly SortedDictionary<UsageKey, UsageTotals> _usage = new(Comparer<UsageKey>.Create(static (left, right) =>
        left.Quarter != right.Quarter ? left.Quarter.CompareTo(right.Quarter)
        : string.CompareOrdinal(left.Model, right.Model) is var byModel and not 0 ? byModel
        : string.CompareOrdinal(left.Tenant, right.Tenant)));

    private DateTimeOffset _nextSweep = DateTimeOffset.MinValue;

    /// <inheritdoc/>
    public ValueTask<ReserveOutcome> ReserveAsync(LedgerReservation reservation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reservation);
        cancellationToken.ThrowIfCancellationRequested();
        return new(Reserve(reservation));
    }

    /// <inheritdoc/>
    public ValueTask<SettleOutcome> SettleAsync(LedgerSettlement settlement, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settlement);
        cancellationToken.ThrowIfCancellationRequested();
        return new(Settle(settlement));
    }

    /// <inheritdoc/>
    public ValueTask<SettleOutcome> ReleaseAsync(Guid id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Release(id));
    }

    /// <inheritdoc/>
    public ValueTask<LedgerBalance> GetBalanceAsync(LedgerAccount account, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return new(_machine.Balance(account));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<UsageLine>> GetUsageAsync(UsageQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        cancellationToken.ThrowIfCancellationRequested();
        KeyValuePair<UsageKey, UsageTotals>[] lines;
        lock (_lock)
        {
            lines = [.. _usage];
        }

        return new(UsageTotals.Report(lines, query));
    }

    /// <summary>Gets how many accounts are kept, for tests of their bound.</summary>
    internal int AccountCount
    {
        get
        {
            lock (_lock)
            {
                return _machine.AccountCount;
            }
        }
    }

    internal ReserveOutcome Reserve(LedgerReservation reservation)
    {
        lock (_lock)
        {
            if (reservation.At >= _nextSweep)
            {
                Sweep_NeedsLock(reservation.At);
            }

            return _machine.Reserve(reservation);
        }
    }

    internal SettleOutcome Settle(LedgerSettlement settlement)
    {
        lock (_lock)
        {
            SettleOutcome outcome = _machine.Settle(settlement, out LedgerReservation? reservation, out bool wasExpired);
            if (reservation is not null)
            {
                if (wasExpired)
                {
                    Count_NeedsLock(reservation, default(UsageTotals) - UsageTotals.OfExpired(reservation));
                }

                Count_NeedsLock(reservation, UsageTotals.Of(settlement));
            }

            return outcome;
        }
    }

    internal SettleOutcome Release(Guid id)
    {
        lock (_lock)
        {
            SettleOutcome outcome = _machine.Release(id, out LedgerReservation? expired);
            if (expired is not null)
            {
                Count_NeedsLock(expired, default(UsageTotals) - UsageTotals.OfExpired(expired));
            }

            return outcome;
        }
    }

    private void Sweep_NeedsLock(DateTimeOffset now)
    {
        _nextSweep = now + SweepEvery;
        foreach (LedgerReservation reservation in _machine.Expire(now))
        {
            Count_NeedsLock(reservation, UsageTotals.OfExpired(reservation));
        }

        _machine.ForgetOldWindows();
        _machine.ForgetIdle(now);
        while (_usage.Count > MaxUsageLines)
        {
            _ = _usage.Remove(_usage.Keys.First());
        }
    }

    // All figures of a booking stand in the quarter of its reservation, so that a correction meets what it corrects.
    private void Count_NeedsLock(LedgerReservation reservation, UsageTotals totals)
    {
        UsageKey key = new(UsageKey.QuarterOf(reservation.At), reservation.Model, reservation.Tenant ?? "");
        _usage[key] = _usage.GetValueOrDefault(key) + totals;
    }
}
