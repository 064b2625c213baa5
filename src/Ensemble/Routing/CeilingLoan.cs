namespace Ensemble;

/// <summary>What one attempt has taken from the purse of its request. It is closed once.</summary>
internal sealed class CeilingLoan(CeilingPurse purse, Price price, decimal usd, long? outputLimit)
{
    private bool _hasContent;

    /// <summary>Gets to how many tokens the answer must be limited; <see langword="null"/> when the loan pays for every answer.</summary>
    public long? OutputLimit => outputLimit;

    /// <summary>Hears that content has come, which is billed however the stream ends.</summary>
    public void HasContent() => _hasContent = true;

    /// <summary>Gives all back: the attempt never started.</summary>
    public void Return() => purse.Close(usd, 0);

    /// <summary>Gives back what was not billed.</summary>
    public void Close(AttemptResult result) => purse.Close(usd, Billed(result));

    private decimal Billed(AttemptResult result)
    {
        if (result.Error is NoEligibleModelException)
        {
            return 0;
        }

        Attempt attempt = result.Attempt;
        bool cameWhole = result.Error is null && attempt.Failure is null or FailureClass.Empty or FailureClass.OutputLimit or FailureClass.ContentFilter;
        if (cameWhole && attempt is { Outcome: not AttemptOutcome.Cancelled, UsageSource: UsageSource.Reported, InputTokens: { } input and >= 0, OutputTokens: { } output and >= 0 })
        {
            return attempt.CostUsd ?? CostBounds.UpperUsd(price, input, output) ?? usd;
        }

        // A refusal before the first token costs nothing. Of a call that was given up, broke, or did not say what it used, nobody knows more than the bound.
        bool wasRefused = !_hasContent && attempt is { InputTokens: null, OutputTokens: null, CostUsd: null or 0m }
            && attempt.Failure is not (null or FailureClass.Timeout or FailureClass.Protocol or FailureClass.Unknown or FailureClass.Empty or FailureClass.OutputLimit or FailureClass.Cancelled)
            && result.Error is not null;
        return wasRefused ? 0 : Math.Max(usd, attempt.CostUsd ?? 0);
    }
}
