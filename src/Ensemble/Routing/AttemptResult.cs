using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>How one attempt ended: with an answer, with a failure, or cancelled by the caller.</summary>
internal sealed class AttemptResult
{
    public required Attempt Attempt { get; init; }

    public ChatResponse? Response { get; init; }

    public Failure Failure { get; init; }

    public Exception? Error { get; init; }

    public bool Succeeded => Attempt.Outcome == AttemptOutcome.Answered;

    public bool Cancelled => Attempt.Outcome == AttemptOutcome.Cancelled;
}
