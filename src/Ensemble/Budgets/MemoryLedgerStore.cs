using System.Runtime.InteropServices;

namespace Ensemble;

/// <summary>
/// Keeps the ledger in memory, for tests and for budgets that may end with the process: a monthly cap that forgets at restart is no cap.
/// Accounts of windows that were over 48 hours ago, those of conversations that were idle for long, and usage older than the newest 100,000 lines are forgotten. Thread-safe by one short lock; never waits.
/// </summary>
public sealed class MemoryLedgerStore : ILedgerStore
{
    private const int MaxUsageLines = 100_000;
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly LedgerMachine _machine = new();
    private readonly Dictionary<UsageKey, UsageTotals> _usage = [];

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
            // Also when the clock was set back, or nothing would be swept until it has caught up.
            if (reservation.At >= _nextSweep || _nextSweep - reservation.At > SweepEvery)
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
            return Settle_NeedsLock(settlement.Id, settlement.NanoUsd, settlement.At, UsageTotals.Of(settlement));
        }
    }

    /// <summary>Settles, and reads under the same lock what the tightest of some accounts can then still pay.</summary>
    /// <param name="id">The booking.</param>
    /// <param name="nanoUsd">The cost; <see langword="null"/> when it is unknown.</param>
    /// <param name="at">When.</param>
    /// <param name="totals">The usage.</param>
    /// <param name="accounts">The accounts.</param>
    /// <param name="least">Nano-dollars; <see cref="long.MaxValue"/> when there is no account.</param>
    internal SettleOutcome Settle(Guid id, long? nanoUsd, DateTimeOffset at, in UsageTotals totals, LedgerAccount[] accounts, out long least)
    {
        least = long.MaxValue;
        lock (_lock)
        {
            SettleOutcome outcome = Settle_NeedsLock(id, nanoUsd, at, totals);
            foreach (ref readonly LedgerAccount account in accounts.AsSpan())
            {
                least = Math.Min(least, _machine.Balance(account).Remaining(account.CapNanoUsd));
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

    private SettleOutcome Settle_NeedsLock(Guid id, long? nanoUsd, DateTimeOffset at, in UsageTotals totals)
    {
        SettleOutcome outcome = _machine.Settle(id, nanoUsd, at, out LedgerReservation? reservation, out bool wasExpired);
        if (reservation is not null)
        {
            if (wasExpired)
            {
                Count_NeedsLock(reservation, default(UsageTotals) - UsageTotals.OfExpired(reservation));
            }

            Count_NeedsLock(reservation, totals);
        }

        return outcome;
    }

    private void Sweep_NeedsLock(DateTimeOffset now)
    {
        _nextSweep = now + SweepEvery;
        foreach (LedgerReservation reservation in _machine.Expire(now))
        {
            Count_NeedsLock(reservation, UsageTotals.OfExpired(reservation));
        }

        _machine.ForgetOldWindows(now);
        _machine.ForgetIdle(now);
        if (_usage.Count > MaxUsageLines)
        {
            foreach (UsageKey oldest in _usage.Keys.OrderBy(static key => key.Quarter).Take(_usage.Count - MaxUsageLines).ToArray())
            {
                _ = _usage.Remove(oldest);
            }
        }
    }

    // All figures of a booking stand in the quarter of its reservation, so that a correction meets what it corrects.
    private void Count_NeedsLock(LedgerReservation reservation, UsageTotals totals)
    {
        UsageKey key = new(UsageKey.QuarterOf(reservation.At), reservation.Model, reservation.Tenant ?? "");
        ref UsageTotals line = ref CollectionsMarshal.GetValueRefOrAddDefault(_usage, key, out _);
        line += totals;
    }
}
