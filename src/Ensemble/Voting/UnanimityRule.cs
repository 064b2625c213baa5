namespace Ensemble;

/// <summary>All readable ballots must say the same.</summary>
internal sealed class UnanimityRule : IVoteRule, IBoundedRule
{
    public Vote Count(IReadOnlyList<Ballot> ballots)
    {
        Vote vote = Plurality.Count(ballots);
        return vote.Counts.Count > 1 ? vote.With(VoteOutcome.NoQuorum) : vote;
    }

    // A dissent settles that there is no unanimity; who leads, and is returned all the same, must be settled too.
    public bool IsDecided(ReadOnlySpan<Ballot> arrived, double pendingWeight)
    {
        Standing standing = Plurality.Lead(arrived);
        return standing.Choices > 1 && standing.LeaderIsSettled(pendingWeight);
    }

    public AgreementBounds Bound(ReadOnlySpan<Ballot> arrived, double pendingWeight) => Plurality.Lead(arrived).Bound(pendingWeight);
}
