namespace Ensemble;

// The path of every call whose store is this process's memory: the same steps as on the awaited path, each under one lock, with nothing
// to await and nothing to allocate for it. Whatever is out of the ordinary (a refusal, a question) goes the awaited way.
public sealed partial class Ledger
{
    private readonly MemoryLedgerStore? _memory;

    /// <summary>Gets whether the store answers without waiting.</summary>
    internal bool AnswersAtOnce => _memory is not null;

    /// <summary>Sets money aside at once.</summary>
    /// <returns>The booking; <see langword="null"/> when a budget cannot pay: nothing is reserved then, and the awaited way says what follows.</returns>
    internal Booking? TryReserveAtOnce(SpendContext context, string model, long nanoUsd, TimeSpan validFor, IReadOnlyList<string> named)
    {
        DateTimeOffset now = _time.GetUtcNow();
        Guid id = BookingId.Next(now);
        bool inRequest = IsInRequest(context);
        LedgerReservation reservation = Reservation(id, context, model, nanoUsd, validFor, Accounts(context, model, named, now), now);
        if (inRequest && !ReserveInRequest(reservation, context, named, allowed: null).IsAccepted)
        {
            return null;
        }

        if (_memory!.Reserve(reservation).IsAccepted)
        {
            return new Booking(reservation, context, inRequest, named, passed: null);
        }

        if (inRequest)
        {
            context.Accounts.Release(id);
        }

        return null;
    }

    /// <summary>Closes a booking at once.</summary>
    /// <param name="booking">The booking.</param>
    /// <param name="usd">The cost in US dollars; <see langword="null"/> when the price is unknown.</param>
    /// <param name="inputTokens">The tokens of the prompt.</param>
    /// <param name="outputTokens">The tokens of the answer.</param>
    /// <param name="cachedInputTokens">How many of the input tokens were read from the provider's cache.</param>
    /// <param name="source">Where the figures come from.</param>
    /// <param name="leftNanoUsd">What the tightest budget that concerns the call can still pay; <see langword="null"/> when there is none.</param>
    internal SettleOutcome SettleAtOnce(
        Booking booking, decimal? usd, long inputTokens, long outputTokens, long cachedInputTokens, UsageSource source, out long? leftNanoUsd)
    {
        DateTimeOffset now = _time.GetUtcNow();
        long? nanoUsd = usd is { } known ? NanoUsd.FromUsd(known) : null;
        LedgerAccount[] accounts = Accounts(booking.Context, booking.Model, booking.Named, now);
        SettleOutcome outcome = SettleOutcome.AlreadyClosed;
        long least = long.MaxValue;
        if (booking.TryClose())
        {
            outcome = _memory!.Settle(booking.Id, nanoUsd, now, UsageTotals.Of(nanoUsd, inputTokens, outputTokens, cachedInputTokens, source), accounts, out least);
            if (booking.InRequest)
            {
                booking.Context.Accounts.Settle(booking.Id, nanoUsd, now);
            }
        }

        bool isLimited = accounts.Length > 0;
        if (booking.InRequest)
        {
            foreach (LedgerAccount account in RequestAccounts(booking.Context, booking.Model, booking.Named, now))
            {
                isLimited = true;
                least = Math.Min(least, booking.Context.Accounts.Balance(account).Remaining(account.CapNanoUsd));
            }
        }

        leftNanoUsd = isLimited ? least : null;
        return outcome;
    }
}
