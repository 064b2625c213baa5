namespace Ensemble;

/// <summary>
/// What a model was asked within one attempt of a composition: middleware between the two, such as function invocation, may ask it more than
/// once, and hands on the last answer only. It rides on the request in the options. Thread-safe.
/// </summary>
internal sealed class CallLog(CeilingLoan? loan = null)
{
    private readonly Lock _lock = new();
    private readonly List<Receipt> _calls = [];
    private decimal _billedUsd;
    private decimal _openUsd;

    /// <summary>Gets what the attempt has taken from the purse of its request; <see langword="null"/> when there is no purse, and a price ceiling then holds for the attempt.</summary>
    public CeilingLoan? Loan => loan;

    /// <summary>Gets how many calls have taken what they can cost.</summary>
    public int Count { get; private set; }

    /// <summary>Gets the receipt of the last call; <see langword="null"/> when none has ended.</summary>
    public Receipt? Last
    {
        get
        {
            lock (_lock)
            {
                return _calls.Count == 0 ? null : _calls[^1];
            }
        }
    }

    /// <summary>Gets what the calls were billed, and may still be, in US dollars.</summary>
    public decimal CommittedUsd
    {
        get
        {
            lock (_lock)
            {
                return _billedUsd + _openUsd;
            }
        }
    }

    /// <summary>Takes what a call can cost at most. The first one takes what was set aside for the attempt; those that follow take what it has left, and then what the purse has.</summary>
    /// <param name="ceilingUsd">The price ceiling, in US dollars.</param>
    /// <param name="bound">What the call can cost.</param>
    /// <param name="output">How many tokens it pays for at most.</param>
    /// <returns>What was taken, in US dollars; <see langword="null"/> when what is left does not pay the answer that the model would have to be able to give.</returns>
    public decimal? TryTake(decimal ceilingUsd, PriceBound bound, out long output)
    {
        lock (_lock)
        {
            output = long.MaxValue;
            decimal usd;
            if (Count == 0)
            {
                usd = loan?.Usd ?? Math.Min(ceilingUsd, CostBounds.UpperUsd(bound.Price, bound.InputTokens, bound.MostOutput) ?? ceilingUsd);
            }
            else
            {
                decimal own = Math.Max(0, (loan?.Usd ?? ceilingUsd) - _billedUsd - _openUsd);
                output = CostBounds.AffordableOutputTokens(bound.Price, bound.InputTokens, own + (loan?.LeftInPurse ?? 0)) ?? 0;
                usd = CostBounds.UpperUsd(bound.Price, bound.InputTokens, Math.Min(output, bound.MostOutput)) ?? 0;
                if (output < bound.NeededOutput || (loan is not null && !loan.TryGrow(usd - own)))
                {
                    return null;
                }
            }

            Count++;
            _openUsd += usd;
            return usd;
        }
    }

    /// <summary>Takes more for a call that is under way: from what the attempt has left, and then from what the purse has.</summary>
    /// <param name="ceilingUsd">The price ceiling, in US dollars.</param>
    /// <param name="moreUsd">How much, in US dollars.</param>
    /// <returns><see langword="false"/> when what is left does not pay it.</returns>
    public bool TryGrow(decimal ceilingUsd, decimal moreUsd)
    {
        lock (_lock)
        {
            decimal own = Math.Max(0, (loan?.Usd ?? ceilingUsd) - _billedUsd - _openUsd);
            if (moreUsd > own && (loan is null || !loan.TryGrow(moreUsd - own)))
            {
                return false;
            }

            _openUsd += moreUsd;
            return true;
        }
    }

    /// <summary>Gives back what a call was not billed.</summary>
    public void Close(decimal takenUsd, decimal billedUsd)
    {
        lock (_lock)
        {
            _openUsd -= takenUsd;
            _billedUsd += billedUsd;
        }
    }

    /// <summary>Writes down a call, however it ended.</summary>
    public void Add(Receipt receipt)
    {
        lock (_lock)
        {
            _calls.Add(receipt);
        }
    }

    /// <summary>Returns an attempt with what all its calls took, when there was more than one.</summary>
    public AttemptResult WriteTo(AttemptResult result)
    {
        lock (_lock)
        {
            Attempt[] asked = [.. _calls.SelectMany(static call => call.Attempts).Where(static attempt => attempt.Outcome is not AttemptOutcome.Skipped)];
            return asked.Length == 0 || (_calls.Count < 2 && result.Error is not (NoEligibleModelException or BudgetExceededException))
                ? result
                : result.With(result.Attempt.With(
                    ReceiptSums.Cost(asked),
                    ReceiptSums.Tokens(asked, static call => call.InputTokens),
                    ReceiptSums.Tokens(asked, static call => call.CachedInputTokens),
                    ReceiptSums.Tokens(asked, static call => call.OutputTokens)));
        }
    }
}
