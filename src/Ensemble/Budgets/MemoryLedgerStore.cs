namespace Ensemble;

/// <summary>
/// Keeps the ledger in memory, for tests and for budgets that may end with the process: a monthly cap that forgets at restart is no cap.
/// Accounts of windows that were over 48 hours ago, those of conversations that were idle for long, and usage older than the newest 100,000 lines are forgotten. Thread-safe by short locks; never waits for more.
/// </summary>
public sealed class MemoryLedgerStore : ILedgerStore
{
    // Bookings are looked for by their ids, and usage is added up, in tables of which threads at the same time mostly take different ones;
    // under the lock that all of them need only the sums of accounts are changed.
    private const int TableBits = 4;
    private const int Tables = 1 << TableBits;

    private const long SweepEvery = TimeSpan.TicksPerMinute;

    private readonly LedgerBooks _books = new();
    private readonly Table[] _tables;

    private long _nextSweep = DateTimeOffset.MinValue.UtcTicks;

    /// <summary>Creates an empty store.</summary>
    public MemoryLedgerStore()
    {
        _tables = new Table[Tables];
        for (int i = 0; i < Tables; i++)
        {
            _tables[i] = new Table(new LedgerMachine(_books, LedgerMachine.Remembered / Tables, countsUsage: true));
        }
    }

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
        return new(_books.Balance(account));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<UsageLine>> GetUsageAsync(UsageQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        cancellationToken.ThrowIfCancellationRequested();
        foreach (Table table in _tables)
        {
            lock (table.Lock)
            {
                table.Machine.Flush();
            }
        }

        return new(UsageTotals.Report(_books.Usage(), query));
    }

    /// <summary>Gets how many accounts are kept, for tests of their bound.</summary>
    internal int AccountCount => _books.AccountCount;

    internal ReserveOutcome Reserve(LedgerReservation reservation)
    {
        long now = reservation.At.UtcTicks;
        long next = Volatile.Read(ref _nextSweep);

        // Also when the clock was set back, or nothing would be swept until it has caught up.
        if ((now >= next || next - now > SweepEvery) && Interlocked.CompareExchange(ref _nextSweep, now + SweepEvery, next) == next)
        {
            Sweep(reservation.At);
        }

        Table table = TableOf(reservation.Id);
        lock (table.Lock)
        {
            return table.Machine.Reserve(reservation);
        }
    }

    internal SettleOutcome Settle(LedgerSettlement settlement) =>
        Settle(settlement.Id, settlement.NanoUsd, settlement.At, UsageTotals.Of(settlement), [], out _);

    /// <summary>Settles, and reads in the same step what the tightest of some accounts can then still pay.</summary>
    /// <param name="id">The booking.</param>
    /// <param name="nanoUsd">The cost; <see langword="null"/> when it is unknown.</param>
    /// <param name="at">When.</param>
    /// <param name="totals">The usage.</param>
    /// <param name="accounts">The accounts.</param>
    /// <param name="least">Nano-dollars; <see cref="long.MaxValue"/> when there is no account.</param>
    internal SettleOutcome Settle(Guid id, long? nanoUsd, DateTimeOffset at, in UsageTotals totals, LedgerAccount[] accounts, out long least)
    {
        Table table = TableOf(id);
        lock (table.Lock)
        {
            return table.Machine.Settle(id, nanoUsd, at, totals, accounts, out least);
        }
    }

    internal SettleOutcome Release(Guid id)
    {
        Table table = TableOf(id);
        lock (table.Lock)
        {
            return table.Machine.Release(id);
        }
    }

    // Whoever comes meanwhile need not wait: what expires stays as much as it was, reserved before and spent after.
    private void Sweep(DateTimeOffset now)
    {
        foreach (Table table in _tables)
        {
            lock (table.Lock)
            {
                table.Machine.Expire(now);
                table.Machine.Flush();
            }
        }

        _books.Forget(now);
    }

    // Ids that a thread makes one after the other stand in one table; those of other blocks are spread by the multiplication (2³² by the
    // golden ratio).
    private Table TableOf(Guid id) => _tables[(((uint)id.GetHashCode() & ~BookingId.WithinBlock) * 0x9E37_79B9) >> (32 - TableBits)];

    private sealed class Table(LedgerMachine machine)
    {
        public Lock Lock { get; } = new();

        public LedgerMachine Machine => machine;
    }
}
