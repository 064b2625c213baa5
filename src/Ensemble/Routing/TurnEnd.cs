namespace Ensemble;

/// <summary>How one turn of a request ended.</summary>
/// <param name="Receipt">What the composition or model that took the turn says of it.</param>
/// <param name="Answered">Whether there was an answer.</param>
/// <param name="Error">What ended it instead; <see langword="null"/> when it answered, and when its reader left.</param>
/// <param name="Runtime">The surroundings of whoever took it; <see langword="null"/> when the receipt was found on an answer.</param>
internal sealed record TurnEnd(Receipt Receipt, bool Answered, Exception? Error, EnsembleRuntime? Runtime)
{
    /// <summary>Writes the turn into the receipt of the whole: that of a model is taken apart, that of a composition becomes a branch.</summary>
    public void WriteTo(ReceiptBuilder whole)
    {
        if (Receipt.Kind == ModelChatClient.Kind && !Receipt.Replayed)
        {
            foreach (Attempt attempt in Receipt.Attempts)
            {
                whole.Add(attempt);
            }
        }
        else
        {
            whole.Add(AsAttempt());
        }

        foreach (string note in Receipt.Notes)
        {
            whole.Note(note);
        }
    }

    private Attempt AsAttempt()
    {
        AttemptOutcome outcome = Answered ? AttemptOutcome.Answered : Error is null or OperationCanceledException ? AttemptOutcome.Cancelled : AttemptOutcome.Failed;
        return new Attempt
        {
            Member = Receipt.Name,
            Outcome = outcome,
            Failure = outcome is AttemptOutcome.Failed ? (Error as EnsembleException)?.FailureClass ?? FailureClass.Unknown : null,
            Note = Error is null ? null : FailureReader.Describe(Error),
            Duration = Receipt.Duration,
            InputTokens = Receipt.InputTokens,
            CachedInputTokens = Receipt.CachedInputTokens,
            OutputTokens = Receipt.OutputTokens,
            UsageSource = Receipt.InputTokens is null ? UsageSource.Unknown : UsageSource.Reported,
            CostUsd = Receipt.CostUsd,
            Receipt = Receipt,
        };
    }
}
