using System.Runtime.InteropServices;

namespace Ensemble;

/// <summary>
/// What the bookings of a store fall on: the accounts, and the usage. An account holds what is spent and what is reserved; a reservation is
/// accepted only if the cap pays for both and the amount, so at the time of each step the sum of reserves is at most what the cap has left.
/// Each method is one step. Thread-safe by one short lock, in which no booking is looked for and no string hashed: every call of a process
/// takes it twice, and what it writes moves from one processor's cache to another's.
/// </summary>
internal sealed class LedgerBooks
{
    private const int MaxUsageLines = 100_000;

    // A day and a month, and 48 hours: as long as an account has not been used, its window has been over for at least those hours.
    private static readonly TimeSpan DayIsKept = TimeSpan.FromDays(1 + 2);
    private static readonly TimeSpan MonthIsKept = TimeSpan.FromDays(31 + 2);

    // What the clock went forward between two steps counts for no more: it may have jumped, and may jump back.
    private static readonly TimeSpan LongestStep = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<LedgerAccount, Entry> _accounts = [];

    // When accounts that are forgotten once they are idle may go; others are not in it.
    private readonly Dictionary<LedgerAccount, DateTimeOffset> _forgetAt = [];
    private readonly Dictionary<UsageKey, UsageTotals> _usage = [];

    private DateTimeOffset _seen;
    private TimeSpan _passed;

    public int AccountCount
    {
        get
        {
            lock (_lock)
            {
                return _accounts.Count;
            }
        }
    }

    public LedgerBalance Balance(LedgerAccount account)
    {
        lock (_lock)
        {
            return Balance_NeedsLock(account);
        }
    }

    public KeyValuePair<UsageKey, UsageTotals>[] Usage()
    {
        lock (_lock)
        {
            return [.. _usage];
        }
    }

    /// <summary>Sets money aside on all accounts of a reservation, or on none.</summary>
    public ReserveOutcome Reserve(LedgerReservation reservation)
    {
        ReadOnlySpan<LedgerAccount> accounts = AccountsOf(reservation);
        lock (_lock)
        {
            foreach (ref readonly LedgerAccount account in accounts)
            {
                LedgerBalance balance = Balance_NeedsLock(account);
                if (!balance.CanPay(reservation.NanoUsd, account.CapNanoUsd))
                {
                    return ReserveOutcome.Refused(account, balance);
                }
            }

            Post_NeedsLock(accounts, spent: 0, reserved: reservation.NanoUsd);
            Touch_NeedsLock(accounts, reservation.At);
        }

        return ReserveOutcome.Accepted;
    }

    /// <summary>Takes what a reservation has set aside off its accounts, and books what it has cost.</summary>
    /// <param name="reservation">The reservation.</param>
    /// <param name="spent">The cost in nano-dollars.</param>
    /// <param name="usedAt">When the call ended, from which on its accounts are idle; <see langword="null"/> when it never did.</param>
    /// <param name="read">Accounts to read in the same step.</param>
    /// <returns>What the tightest of the accounts that were read can then still pay, in nano-dollars; <see cref="long.MaxValue"/> without one.</returns>
    public long Close(LedgerReservation reservation, long spent, DateTimeOffset? usedAt, ReadOnlySpan<LedgerAccount> read)
    {
        ReadOnlySpan<LedgerAccount> accounts = AccountsOf(reservation);
        long least = long.MaxValue;
        lock (_lock)
        {
            Post_NeedsLock(accounts, spent, -reservation.NanoUsd);
            if (usedAt is { } at)
            {
                Touch_NeedsLock(accounts, at);
            }

            foreach (ref readonly LedgerAccount account in read)
            {
                least = Math.Min(least, Balance_NeedsLock(account).Remaining(account.CapNanoUsd));
            }
        }

        return least;
    }

    /// <summary>Reads accounts in one step.</summary>
    /// <returns>What the tightest can pay, in nano-dollars; <see cref="long.MaxValue"/> without one.</returns>
    public long Least(ReadOnlySpan<LedgerAccount> read)
    {
        long least = long.MaxValue;
        lock (_lock)
        {
            foreach (ref readonly LedgerAccount account in read)
            {
                least = Math.Min(least, Balance_NeedsLock(account).Remaining(account.CapNanoUsd));
            }
        }

        return least;
    }

    /// <summary>Corrects what was booked for a reservation that had expired. What was forgotten in between has nothing to correct: its account would start below zero.</summary>
    public void Correct(LedgerReservation reservation, long spent)
    {
        ReadOnlySpan<LedgerAccount> accounts = AccountsOf(reservation);
        lock (_lock)
        {
            foreach (ref readonly LedgerAccount account in accounts)
            {
                if (_accounts.ContainsKey(account))
                {
                    Post_NeedsLock(account, spent, reserved: 0);
                }
            }
        }
    }

    /// <summary>Adds lines of usage.</summary>
    public void Count(Dictionary<UsageKey, UsageTotals> lines)
    {
        lock (_lock)
        {
            foreach ((UsageKey key, UsageTotals usage) in lines)
            {
                ref UsageTotals line = ref CollectionsMarshal.GetValueRefOrAddDefault(_usage, key, out _);
                line += usage;
            }
        }
    }

    /// <summary>
    /// Forgets accounts of windows that were over 48 hours ago, accounts that nobody has used for as long as they say, none that has
    /// anything reserved, and the oldest usage. Newer windows say nothing about a window's end: a clock that goes ahead and comes back has
    /// seen them too.
    /// </summary>
    public void Forget(DateTimeOffset now)
    {
        lock (_lock)
        {
            Pass_NeedsLock(now);
            foreach ((LedgerAccount account, Entry entry) in _accounts)
            {
                if (account.Window != 0 && entry.Balance.ReservedNanoUsd == 0 && _passed - entry.UsedAt >= (account.Window >= 1_000_000 ? DayIsKept : MonthIsKept))
                {
                    _ = _accounts.Remove(account);
                }
            }

            foreach ((LedgerAccount account, DateTimeOffset at) in _forgetAt)
            {
                if (at <= now && Balance_NeedsLock(account).ReservedNanoUsd == 0)
                {
                    _ = _forgetAt.Remove(account);
                    _ = _accounts.Remove(account);
                }
            }

            if (_usage.Count > MaxUsageLines)
            {
                foreach (UsageKey oldest in _usage.Keys.OrderBy(static key => key.Quarter).Take(_usage.Count - MaxUsageLines).ToArray())
                {
                    _ = _usage.Remove(oldest);
                }
            }
        }
    }

    private static ReadOnlySpan<LedgerAccount> AccountsOf(LedgerReservation reservation) =>
        reservation.Accounts is LedgerAccount[] accounts ? accounts : [.. reservation.Accounts];

    private LedgerBalance Balance_NeedsLock(in LedgerAccount account) => _accounts.TryGetValue(account, out Entry entry) ? entry.Balance : default;

    private void Post_NeedsLock(ReadOnlySpan<LedgerAccount> accounts, long spent, long reserved)
    {
        foreach (ref readonly LedgerAccount account in accounts)
        {
            Post_NeedsLock(account, spent, reserved);
        }
    }

    private void Post_NeedsLock(in LedgerAccount account, long spent, long reserved)
    {
        ref Entry entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_accounts, account, out _);
        entry = new Entry(new LedgerBalance(NanoUsd.Add(entry.Balance.SpentNanoUsd, spent), NanoUsd.Add(entry.Balance.ReservedNanoUsd, reserved)), _passed);
    }

    private void Pass_NeedsLock(DateTimeOffset now)
    {
        TimeSpan step = _seen == default ? TimeSpan.Zero : now - _seen;
        _passed += step < TimeSpan.Zero ? TimeSpan.Zero : step < LongestStep ? step : LongestStep;
        _seen = now;
    }

    // A clock that was set back never shortens what an account was promised.
    private void Touch_NeedsLock(ReadOnlySpan<LedgerAccount> accounts, DateTimeOffset now)
    {
        foreach (ref readonly LedgerAccount account in accounts)
        {
            if (account.ForgetAfter is { } idle)
            {
                DateTimeOffset at = idle < DateTimeOffset.MaxValue - now ? now + idle : DateTimeOffset.MaxValue;
                _forgetAt[account] = _forgetAt.TryGetValue(account, out DateTimeOffset known) && known > at ? known : at;
            }
        }
    }

    private readonly record struct Entry(LedgerBalance Balance, TimeSpan UsedAt);
}
