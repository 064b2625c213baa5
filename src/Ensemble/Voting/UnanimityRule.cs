namespace Ensemble;

/// <summary>All readable ballots must say the same.</summary>
internal sealed class UnanimityRule : IVoteRule
{
    public Vote Count(IReadOnlyList<Ballot> ballots)
    {
        Vote vote = Plurality.Count(ballots);
        return vote.Counts.Count > 1 ? vote.With(VoteOutcome.NoQuorum) : vote;
    }

    // A dissent settles that there is no unanimity, though not who leads: nobody wins by this rule any more.
    public bool IsDecided(ReadOnlySpan<Ballot> arrived, double pendingWeight) => Plurality.Lead(arrived).Second > 0;
}
