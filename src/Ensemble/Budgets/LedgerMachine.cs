using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ensemble;

/// <summary>
/// Bookings by their ids as a step machine without clock, lock or thread: each method is one step, and tests run every order of steps.
/// It sees to it that a booking is opened once and closed once; the money itself is in the <see cref="LedgerBooks"/>, which machines may
/// share, and usage goes there in lines that add up many calls.
/// </summary>
/// <param name="books">The accounts.</param>
/// <param name="remembered">How many closed bookings are remembered: enough for any retry of a step that was already taken; older ids are forgotten so that memory stays bounded.</param>
/// <param name="countsUsage">Whether usage is counted.</param>
internal sealed class LedgerMachine(LedgerBooks books, int remembered, bool countsUsage)
{
    /// <summary>How many closed bookings a ledger remembers.</summary>
    public const int Remembered = 4096;

    // More tenants and models than call within a few seconds of each other.
    private const int MaxUncounted = 64;

    // Open, closed, and expired ones, which are closed and may be corrected.
    private readonly Dictionary<Guid, State> _bookings = [];
    private readonly Queue<Guid> _closedOrder = [];

    // What is not in the books yet.
    private readonly Dictionary<UsageKey, UsageTotals> _usage = [];

    /// <summary>Creates a machine with books of its own that count no usage.</summary>
    public LedgerMachine()
        : this(new LedgerBooks(), Remembered, countsUsage: false)
    {
    }

    public int OpenCount { get; private set; }

    public LedgerBalance Balance(LedgerAccount account) => books.Balance(account);

    public ReserveOutcome Reserve(LedgerReservation reservation)
    {
        if (_bookings.ContainsKey(reservation.Id))
        {
            return ReserveOutcome.Accepted;
        }

        ReserveOutcome outcome = books.Reserve(reservation);
        if (outcome.IsAccepted)
        {
            _bookings.Add(reservation.Id, new State(reservation, IsOpen: true));
            OpenCount++;
        }

        return outcome;
    }

    /// <summary>Closes a booking with its cost.</summary>
    /// <param name="settlement">The cost.</param>
    public SettleOutcome Settle(LedgerSettlement settlement) => Settle(settlement.Id, settlement.NanoUsd, settlement.At, UsageTotals.Of(settlement), [], out _);

    /// <summary>Closes a booking with its cost.</summary>
    /// <param name="id">The booking.</param>
    /// <param name="nanoUsd">The cost; <see langword="null"/> when it is unknown.</param>
    /// <param name="at">When.</param>
    /// <param name="usage">What to count.</param>
    /// <param name="read">Accounts to read in the same step.</param>
    /// <param name="least">What the tightest of them can then still pay; <see cref="long.MaxValue"/> without one.</param>
    public SettleOutcome Settle(Guid id, long? nanoUsd, DateTimeOffset at, in UsageTotals usage, ReadOnlySpan<LedgerAccount> read, out long least)
    {
        ref State state = ref CollectionsMarshal.GetValueRefOrNullRef(_bookings, id);
        if (Unsafe.IsNullRef(ref state) || state.Reservation is not { } reservation)
        {
            least = books.Least(read);
            return Unsafe.IsNullRef(ref state) ? SettleOutcome.NotFound : SettleOutcome.AlreadyClosed;
        }

        // An unknown price books the reserve: under a cap unknown is the most it can have been, not nothing.
        long cost = nanoUsd ?? reservation.NanoUsd;
        bool wasOpen = state.IsOpen;
        state = default;
        if (wasOpen)
        {
            least = books.Close(reservation, cost, at, read);
            Count(reservation, usage);
            Remember(id);
        }
        else
        {
            // The reserve was booked when it expired; the truth replaces it.
            books.Correct(reservation, cost - reservation.NanoUsd);
            Count(reservation, usage - UsageTotals.OfExpired(reservation));
            least = books.Least(read);
        }

        return cost > reservation.NanoUsd ? SettleOutcome.OverReserve : SettleOutcome.Settled;
    }

    public SettleOutcome Release(Guid id)
    {
        ref State state = ref CollectionsMarshal.GetValueRefOrNullRef(_bookings, id);
        if (Unsafe.IsNullRef(ref state) || state.Reservation is not { } reservation)
        {
            return Unsafe.IsNullRef(ref state) ? SettleOutcome.NotFound : SettleOutcome.AlreadyClosed;
        }

        bool wasOpen = state.IsOpen;
        state = default;
        if (wasOpen)
        {
            _ = books.Close(reservation, 0, usedAt: null, []);
            Remember(id);
        }
        else
        {
            books.Correct(reservation, -reservation.NanoUsd);
            Count(reservation, default(UsageTotals) - UsageTotals.OfExpired(reservation));
        }

        return SettleOutcome.Settled;
    }

    /// <summary>Books the whole of each reservation that nobody settled in time. What a cap can pay does not change by it.</summary>
    public void Expire(DateTimeOffset now)
    {
        List<LedgerReservation>? expired = null;
        foreach (State state in _bookings.Values)
        {
            if (state.IsOpen && state.Reservation!.ExpiresAt <= now)
            {
                (expired ??= []).Add(state.Reservation);
            }
        }

        foreach (LedgerReservation reservation in expired ?? [])
        {
            _bookings[reservation.Id] = new State(reservation, IsOpen: false);
            _ = books.Close(reservation, reservation.NanoUsd, usedAt: null, []);
            Count(reservation, UsageTotals.OfExpired(reservation));
            Remember(reservation.Id);
        }
    }

    /// <summary>Brings the usage into the books.</summary>
    public void Flush()
    {
        if (_usage.Count > 0)
        {
            books.Count(_usage);
            _usage.Clear();
        }
    }

    // All figures of a booking stand in the quarter of its reservation, so that a correction meets what it corrects.
    private void Count(LedgerReservation reservation, in UsageTotals usage)
    {
        if (!countsUsage)
        {
            return;
        }

        ref UsageTotals line = ref CollectionsMarshal.GetValueRefOrAddDefault(
            _usage, new UsageKey(UsageKey.QuarterOf(reservation.At), reservation.Model, reservation.Tenant ?? ""), out _);
        line += usage;
        if (_usage.Count > MaxUncounted)
        {
            Flush();
        }
    }

    private void Remember(Guid id)
    {
        OpenCount--;
        _closedOrder.Enqueue(id);
        if (_closedOrder.Count > remembered)
        {
            _ = _bookings.Remove(_closedOrder.Dequeue());
        }
    }

    private readonly record struct State(LedgerReservation? Reservation, bool IsOpen);
}
