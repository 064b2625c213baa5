namespace Ensemble;

/// <summary>What one attempt has taken from the purse of its request. It is closed once.</summary>
internal sealed class CeilingLoan(CeilingPurse purse, PriceBound bound, decimal usd, long? outputLimit)
{
    private readonly Lock _lock = new();
    private decimal _usd = usd;
    private bool _hasContent;
    private bool _isClosed;

    /// <summary>Gets what it has taken, in US dollars.</summary>
    public decimal Usd => _usd;

    /// <summary>Gets what the member can cost.</summary>
    public PriceBound Bound => bound;

    /// <summary>Gets or sets where the calls of the attempt are written down; <see langword="null"/> when nothing between the router and the model may make several.</summary>
    public CallLog? Calls { get; set; }

    /// <summary>Gets what the purse could still lend, in US dollars.</summary>
    public decimal LeftInPurse => purse.Left;

    /// <summary>Takes more, for a further call of the same attempt.</summary>
    /// <param name="moreUsd">How much, in US dollars.</param>
    /// <returns><see langword="false"/> when the purse cannot lend it, or the attempt is over.</returns>
    public bool TryGrow(decimal moreUsd)
    {
        lock (_lock)
        {
            if (_isClosed || (moreUsd > 0 && !purse.TryLend(moreUsd)))
            {
                return false;
            }

            _usd += Math.Max(0, moreUsd);
            return true;
        }
    }

    /// <summary>Gets to how many tokens the answer must be limited; <see langword="null"/> when the loan pays for every answer.</summary>
    public long? OutputLimit => outputLimit;

    /// <summary>Hears that content has come, which is billed however the stream ends.</summary>
    public void HasContent() => _hasContent = true;

    /// <summary>Gives all back: the attempt never started.</summary>
    public void Return() => Close(0);

    /// <summary>Gives back what was not billed.</summary>
    public void Close(AttemptResult result) => Close(Calls is { Count: > 1 } calls ? calls.CommittedUsd : Billed(result));

    private void Close(decimal billedUsd)
    {
        lock (_lock)
        {
            _isClosed = true;
            purse.Close(_usd, billedUsd);
        }
    }

    private decimal Billed(AttemptResult result)
    {
        if (result.Error is NoEligibleModelException)
        {
            // In a later turn of a tool loop: the turns before it were billed.
            return Calls?.CommittedUsd ?? 0;
        }

        Attempt attempt = result.Attempt;
        bool cameWhole = result.Error is null && attempt.Failure is null or FailureClass.Empty or FailureClass.OutputLimit or FailureClass.ContentFilter;
        if (cameWhole && attempt is { Outcome: not AttemptOutcome.Cancelled, UsageSource: UsageSource.Reported, InputTokens: { } input and >= 0, OutputTokens: { } output and >= 0 })
        {
            return attempt.CostUsd ?? CostBounds.UpperUsd(bound.Price, input, output) ?? _usd;
        }

        // A refusal before the first token costs nothing. Of a call that was given up, broke, or did not say what it used, nobody knows more than the bound.
        bool wasRefused = !_hasContent && attempt is { InputTokens: null, OutputTokens: null, CostUsd: null or 0m }
            && attempt.Failure is not (null or FailureClass.Timeout or FailureClass.Protocol or FailureClass.Unknown or FailureClass.Empty or FailureClass.OutputLimit or FailureClass.Cancelled)
            && result.Error is not null;
        return wasRefused ? 0 : Math.Max(_usd, attempt.CostUsd ?? 0);
    }
}
