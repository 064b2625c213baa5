namespace Ensemble;

/// <summary>
/// What a model was asked within one attempt of a composition: middleware between the two, such as function invocation, may ask it more than
/// once, and hands on the last answer only. It rides on the request in the options. Thread-safe.
/// </summary>
internal sealed class CallLog
{
    private readonly Lock _lock = new();
    private readonly List<Receipt> _calls = [];

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
            return _calls.Count < 2 || asked.Length == 0
                ? result
                : result.With(result.Attempt.With(
                    ReceiptSums.Cost(asked),
                    ReceiptSums.Tokens(asked, static call => call.InputTokens),
                    ReceiptSums.Tokens(asked, static call => call.CachedInputTokens),
                    ReceiptSums.Tokens(asked, static call => call.OutputTokens)));
        }
    }
}
