namespace Ensemble;

/// <summary>The winner needs a share of the weight of all voters.</summary>
internal sealed class QuorumRule(double share) : IVoteRule, IBoundedRule
{
    // A tenth of a millionth of a vote is a rounding error; what is settled early keeps clear of that border on both sides.
    private const double Rounding = 1e-7;

    public Vote Count(IReadOnlyList<Ballot> ballots)
    {
        Vote vote = Plurality.Count(ballots);
        double all = ballots.Sum(ballot => ballot.Weight);
        return vote.Winner is not null && vote.Counts[0].Value + Rounding >= share * all ? vote : vote.With(VoteOutcome.NoQuorum);
    }

    public bool IsDecided(ReadOnlySpan<Ballot> arrived, double pendingWeight)
    {
        double all = pendingWeight;
        foreach (Ballot ballot in arrived)
        {
            all += ballot.Weight;
        }

        Standing standing = Plurality.Lead(arrived);
        bool reached = !standing.AllAlone && standing.Leader + (Rounding / 2) >= share * all;
        bool outOfReach = standing.Leader + pendingWeight + (2 * Rounding) < share * all;
        return (reached || outOfReach) && standing.LeaderIsSettled(pendingWeight);
    }

    public AgreementBounds Bound(ReadOnlySpan<Ballot> arrived, double pendingWeight) => Plurality.Lead(arrived).Bound(pendingWeight);
}
