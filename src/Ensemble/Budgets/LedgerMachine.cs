using System.Runtime.InteropServices;

namespace Ensemble;

/// <summary>
/// The ledger as a step machine without clock, lock or thread: each method is one step, and tests run every order of steps. An account
/// holds what is spent and what is reserved; a step reserves only if the cap pays for both and the amount, so at the time of each step
/// the sum of reserves is at most what the cap has left.
/// </summary>
internal sealed class LedgerMachine
{
    // Enough for any retry of a step that was already taken; older ids are forgotten so that memory stays bounded.
    private const int RememberedClosed = 4096;

    // A day and a month, and 48 hours: as long as an account has not been used, its window has been over for at least those hours.
    private static readonly TimeSpan DayIsKept = TimeSpan.FromDays(1 + 2);
    private static readonly TimeSpan MonthIsKept = TimeSpan.FromDays(31 + 2);

    // What the clock went forward between two steps counts for no more: it may have jumped, and may jump back.
    private static readonly TimeSpan LongestStep = TimeSpan.FromHours(1);

    private readonly Dictionary<LedgerAccount, Entry> _accounts = [];

    // When accounts that are forgotten once they are idle may go; others are not in it.
    private readonly Dictionary<LedgerAccount, DateTimeOffset> _forgetAt = [];
    private readonly Dictionary<Guid, LedgerReservation> _open = [];
    private readonly Dictionary<Guid, LedgerReservation?> _closed = [];
    private readonly Queue<Guid> _closedOrder = [];

    private DateTimeOffset _seen;
    private TimeSpan _passed;

    public int OpenCount => _open.Count;

    public int AccountCount => _accounts.Count;

    public LedgerBalance Balance(LedgerAccount account) => _accounts.GetValueOrDefault(account).Balance;

    public ReserveOutcome Reserve(LedgerReservation reservation)
    {
        if (_open.ContainsKey(reservation.Id) || _closed.ContainsKey(reservation.Id))
        {
            return ReserveOutcome.Accepted;
        }

        IReadOnlyList<LedgerAccount> accounts = reservation.Accounts;
        for (int i = 0; i < accounts.Count; i++)
        {
            LedgerBalance balance = Balance(accounts[i]);
            if (!balance.CanPay(reservation.NanoUsd, accounts[i].CapNanoUsd))
            {
                return ReserveOutcome.Refused(accounts[i], balance);
            }
        }

        Post(reservation, spent: 0, reserved: reservation.NanoUsd);
        Touch(reservation, reservation.At);
        _open.Add(reservation.Id, reservation);
        return ReserveOutcome.Accepted;
    }

    /// <summary>Closes a booking with its cost.</summary>
    /// <param name="settlement">The cost.</param>
    /// <param name="reservation">The reservation that was closed; <see langword="null"/> when nothing changed.</param>
    /// <param name="wasExpired">Whether the whole reserve had been booked before.</param>
    public SettleOutcome Settle(LedgerSettlement settlement, out LedgerReservation? reservation, out bool wasExpired) =>
        Settle(settlement.Id, settlement.NanoUsd, settlement.At, out reservation, out wasExpired);

    /// <summary>Closes a booking with its cost.</summary>
    /// <param name="id">The booking.</param>
    /// <param name="nanoUsd">The cost; <see langword="null"/> when it is unknown.</param>
    /// <param name="at">When.</param>
    /// <param name="reservation">The reservation that was closed; <see langword="null"/> when nothing changed.</param>
    /// <param name="wasExpired">Whether the whole reserve had been booked before.</param>
    public SettleOutcome Settle(Guid id, long? nanoUsd, DateTimeOffset at, out LedgerReservation? reservation, out bool wasExpired)
    {
        wasExpired = false;
        if (_open.Remove(id, out reservation))
        {
            // An unknown price books the reserve: under a cap unknown is the most it can have been, not nothing.
            long cost = nanoUsd ?? reservation.NanoUsd;
            Post(reservation, cost, -reservation.NanoUsd);
            Touch(reservation, at);
            Remember(id, null);
            return cost > reservation.NanoUsd ? SettleOutcome.OverReserve : SettleOutcome.Settled;
        }

        if (!_closed.TryGetValue(id, out LedgerReservation? expired))
        {
            return SettleOutcome.NotFound;
        }

        if (expired is null)
        {
            return SettleOutcome.AlreadyClosed;
        }

        // The reserve was booked when it expired; the truth replaces it.
        (reservation, wasExpired) = (expired, true);
        long late = nanoUsd ?? expired.NanoUsd;
        Correct(expired, late - expired.NanoUsd);
        _closed[id] = null;
        return late > expired.NanoUsd ? SettleOutcome.OverReserve : SettleOutcome.Settled;
    }

    public SettleOutcome Release(Guid id, out LedgerReservation? expired)
    {
        expired = null;
        if (_open.Remove(id, out LedgerReservation? reservation))
        {
            Post(reservation, 0, -reservation.NanoUsd);
            Remember(id, null);
            return SettleOutcome.Settled;
        }

        if (!_closed.TryGetValue(id, out expired))
        {
            return SettleOutcome.NotFound;
        }

        if (expired is null)
        {
            return SettleOutcome.AlreadyClosed;
        }

        Correct(expired, -expired.NanoUsd);
        _closed[id] = null;
        return SettleOutcome.Settled;
    }

    /// <summary>Books the whole of each reservation that nobody settled in time. What a cap can pay does not change by it.</summary>
    /// <returns>The reservations that were booked.</returns>
    public IReadOnlyList<LedgerReservation> Expire(DateTimeOffset now)
    {
        List<LedgerReservation>? expired = null;
        foreach (LedgerReservation reservation in _open.Values)
        {
            if (reservation.ExpiresAt <= now)
            {
                (expired ??= []).Add(reservation);
            }
        }

        foreach (LedgerReservation reservation in expired ?? [])
        {
            _ = _open.Remove(reservation.Id);
            Post(reservation, reservation.NanoUsd, -reservation.NanoUsd);
            Remember(reservation.Id, reservation);
        }

        return expired ?? [];
    }

    /// <summary>
    /// Forgets accounts of windows that were over 48 hours ago and have nothing reserved. Newer windows say nothing about that: a clock that goes ahead
    /// and comes back has seen them too.
    /// </summary>
    public void ForgetOldWindows(DateTimeOffset now)
    {
        Pass(now);
        foreach ((LedgerAccount account, Entry entry) in _accounts)
        {
            if (account.Window != 0 && entry.Balance.ReservedNanoUsd == 0 && _passed - entry.UsedAt >= (account.Window >= 1_000_000 ? DayIsKept : MonthIsKept))
            {
                _ = _accounts.Remove(account);
            }
        }
    }

    /// <summary>Forgets accounts that nobody has used for as long as they say, and that have nothing reserved.</summary>
    public void ForgetIdle(DateTimeOffset now)
    {
        foreach ((LedgerAccount account, DateTimeOffset at) in _forgetAt)
        {
            if (at <= now && Balance(account).ReservedNanoUsd == 0)
            {
                _ = _forgetAt.Remove(account);
                _ = _accounts.Remove(account);
            }
        }
    }

    private void Pass(DateTimeOffset now)
    {
        TimeSpan step = _seen == default ? TimeSpan.Zero : now - _seen;
        _passed += step < TimeSpan.Zero ? TimeSpan.Zero : step < LongestStep ? step : LongestStep;
        _seen = now;
    }

    // A clock that was set back never shortens what an account was promised.
    private void Touch(LedgerReservation reservation, DateTimeOffset now)
    {
        IReadOnlyList<LedgerAccount> accounts = reservation.Accounts;
        for (int i = 0; i < accounts.Count; i++)
        {
            LedgerAccount account = accounts[i];
            if (account.ForgetAfter is { } idle)
            {
                DateTimeOffset at = idle < DateTimeOffset.MaxValue - now ? now + idle : DateTimeOffset.MaxValue;
                _forgetAt[account] = _forgetAt.TryGetValue(account, out DateTimeOffset known) && known > at ? known : at;
            }
        }
    }

    // What was forgotten in between has nothing to correct: its account would start below zero.
    private void Correct(LedgerReservation reservation, long spent)
    {
        foreach (LedgerAccount account in reservation.Accounts)
        {
            if (_accounts.ContainsKey(account))
            {
                Post(account, spent, reserved: 0);
            }
        }
    }

    private void Post(LedgerReservation reservation, long spent, long reserved)
    {
        IReadOnlyList<LedgerAccount> accounts = reservation.Accounts;
        for (int i = 0; i < accounts.Count; i++)
        {
            Post(accounts[i], spent, reserved);
        }
    }

    private void Post(LedgerAccount account, long spent, long reserved)
    {
        ref Entry entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_accounts, account, out _);
        entry = new Entry(new LedgerBalance(NanoUsd.Add(entry.Balance.SpentNanoUsd, spent), NanoUsd.Add(entry.Balance.ReservedNanoUsd, reserved)), _passed);
    }

    private void Remember(Guid id, LedgerReservation? expired)
    {
        _closed[id] = expired;
        _closedOrder.Enqueue(id);
        if (_closedOrder.Count > RememberedClosed)
        {
            _ = _closed.Remove(_closedOrder.Dequeue());
        }
    }

    private readonly record struct Entry(LedgerBalance Balance, TimeSpan UsedAt);
}
