namespace Ensemble;

/// <summary>The choice with the largest weight wins.</summary>
internal sealed class PluralityRule : IVoteRule, IBoundedRule
{
    public Vote Count(IReadOnlyList<Ballot> ballots) => Plurality.Count(ballots);

    // While every choice stands alone, the ballots that are out say whether there is any agreement at all.
    public bool IsDecided(ReadOnlySpan<Ballot> arrived, double pendingWeight)
    {
        Standing standing = Plurality.Lead(arrived);
        return !standing.AllAlone && standing.LeaderIsSettled(pendingWeight);
    }

    public AgreementBounds Bound(ReadOnlySpan<Ballot> arrived, double pendingWeight) => Plurality.Lead(arrived).Bound(pendingWeight);
}
