namespace Ensemble;

/// <summary>One attempt that may start now: its places at the gate and at the breaker are taken, and are handed back by <see cref="End"/>.</summary>
internal sealed class RouteStep(RouteTarget target, HealthLease lease, GateLease? place, TimeSpan? limit, TimeSpan? timeLeft, CeilingLoan? loan)
{
    public RouteTarget Target => target;

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
    public void End(AttemptResult result)
    {
        loan?.Close(result);
        if (Lane.End(lease, result))
        {
            target.Router.Metrics.Cooled(target.Router.Name, Member.Name, result.Failure.Class);
        }

        if (place is { } taken)
        {
            Lane.Gate!.Leave(taken, (result.Attempt.InputTokens + result.Attempt.OutputTokens) ?? taken.EstimatedTokens);
        }
    }
}
