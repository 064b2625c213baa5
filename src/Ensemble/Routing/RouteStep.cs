namespace Ensemble;

/// <summary>One attempt that may start now: its places at the gate and at the breaker are taken, and are handed back by <see cref="End"/>.</summary>
internal sealed class RouteStep(RouteTarget target, HealthLease lease, GateLease? place, TimeSpan? limit, TimeSpan? timeLeft, CeilingLoan? loan)
{
    public RouteTarget Target => target;

    /// <summary>Gets whether it runs beside another for speed only.</summary>
    public bool IsBeside { get; init; }

    public Member Member => target.Member;

    /// <summary>Gets whom to ask: the member with the client of this lane.</summary>
    public Member Way => target.Way;

    public Lane Lane => target.Lane;

    /// <summary>Gets how long the attempt may take, or a stream up to its first content.</summary>
    public TimeSpan? Limit => limit;

    /// <summary>Gets what was left of the deadline when the attempt began.</summary>
    public TimeSpan? TimeLeft => timeLeft;

    /// <summary>Gets what it has taken under the price ceiling; <see langword="null"/> when there is none.</summary>
    public CeilingLoan? Loan => loan;

    /// <summary>Reports how the attempt ended.</summary>
    /// <param name="result">How.</param>
    /// <param name="stream">The stream; <see langword="null"/> when the answer was to come whole.</param>
    public void End(AttemptResult result, StreamAttempt? stream = null)
    {
        loan?.Close(result);

        // After its first content only the request's deadline still limits a stream.
        bool hasContent = stream is { HasContent: true };
        if (result.OutOfTime && hasContent)
        {
            Lane.Health.Heard();
        }

        bool byDeadline = result.OutOfTime && limit == timeLeft;
        bool wasImpatient = (result.OutOfTime && hasContent) || (byDeadline && !Lane.Health.IsLate(result.Attempt.Duration, streaming: stream is not null));
        if (Lane.End(lease, result, wasImpatient, byDeadline))
        {
            target.Router.Metrics.Cooled(target.Router.Name, Member.Name, result.Failure.Class);
        }

        if (place is not { } taken)
        {
            return;
        }

        long used = (result.Attempt.InputTokens + result.Attempt.OutputTokens) ?? taken.EstimatedTokens;
        if (result.GoesOn is not { } call)
        {
            Lane.Gate!.Leave(taken, used);
            return;
        }

        // A member that ignores its token still works on the call, so the call keeps its place: that is what a limit on calls is for.
        Lane.Gate!.GiveUp();
        _ = call.ContinueWith((_, _) => Lane.Gate!.Leave(taken, used, wasGivenUp: true), null, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
