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

    private const int KeptWindows = 3;

    private readonly Dictionary<LedgerAccount, LedgerBalance> _accounts = [];

    // When accounts that are forgotten once they are idle may go; others are not in it.
    private readonly Dictionary<LedgerAccount, DateTimeOffset> _forgetAt = [];
    private readonly Dictionary<Guid, LedgerReservation> _open = [];
    private readonly Dictionary<Guid, LedgerReservation?> _closed = [];
    private readonly Queue<Guid> _closedOrder = [];

    public int OpenCount => _open.Count;

    public int AccountCount => _accounts.Count;

    public LedgerBalance Balance(LedgerAccount account) => _accounts.GetValueOrDefault(account);

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

    /// <summary>Forgets accounts of windows that are over and have nothing reserved. The last few stay: a clock that ran ahead comes back to them, and must find what is spent.</summary>
    public void ForgetOldWindows()
    {
        Dictionary<string, SortedSet<int>> newest = [];
        foreach (LedgerAccount account in _accounts.Keys)
        {
            SortedSet<int> kept = newest.TryGetValue(account.Budget, out SortedSet<int>? known) ? known : newest[account.Budget] = [];
            _ = kept.Add(account.Window);
            if (kept.Count > KeptWindows)
            {
                _ = kept.Remove(kept.Min);
            }
        }

        foreach ((LedgerAccount account, LedgerBalance balance) in _accounts)
        {
            if (account.Window < newest[account.Budget].Min && balance.ReservedNanoUsd == 0)
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
            if (_accounts.TryGetValue(account, out LedgerBalance balance))
            {
                _accounts[account] = new LedgerBalance(NanoUsd.Add(balance.SpentNanoUsd, spent), balance.ReservedNanoUsd);
            }
        }
    }

    private void Post(LedgerReservation reservation, long spent, long reserved)
    {
        IReadOnlyList<LedgerAccount> accounts = reservation.Accounts;
        for (int i = 0; i < accounts.Count; i++)
        {
            ref LedgerBalance balance = ref CollectionsMarshal.GetValueRefOrAddDefault(_accounts, accounts[i], out _);
            balance = new LedgerBalance(NanoUsd.Add(balance.SpentNanoUsd, spent), NanoUsd.Add(balance.ReservedNanoUsd, reserved));
        }
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
}
