namespace Ensemble;

/// <summary>The winner needs a share of the weight of all voters.</summary>
internal sealed class QuorumRule(double share) : IVoteRule
{
    private const double Rounding = 1e-9;

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

        (double leader, double second) = Plurality.Lead(arrived);
        bool reached = leader + Rounding >= share * all && leader > second + pendingWeight;
        bool outOfReach = leader + pendingWeight + Rounding < share * all;
        return reached || outOfReach;
    }
}
