using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>How one attempt ended: with an answer, with a failure, or cancelled by the caller.</summary>
internal sealed class AttemptResult
{
    public required Attempt Attempt { get; init; }

    public ChatResponse? Response { get; init; }

    public Failure Failure { get; init; }

    public Exception? Error { get; init; }

    /// <summary>Gets whether the time that we gave the attempt ended it, and nothing that the member did.</summary>
    public bool OutOfTime { get; init; }

    /// <summary>Gets or sets the call when the member ignores its token and is still at it; <see langword="null"/> when it has ended.</summary>
    public Task? GoesOn { get; set; }

    /// <summary>Gets whether a call came before the one that was refused: the attempt is then one of the receipt, whatever it says of the last.</summary>
    public bool WasAsked { get; private init; }

    /// <summary>Returns the result with an attempt that tells of several calls.</summary>
    public AttemptResult With(Attempt attempt) => new() { Attempt = attempt, Response = Response, Failure = Failure, Error = Error, OutOfTime = OutOfTime, GoesOn = GoesOn, WasAsked = true };

    public bool Succeeded => Attempt.Outcome == AttemptOutcome.Answered;

    public bool Cancelled => Attempt.Outcome == AttemptOutcome.Cancelled;
}
