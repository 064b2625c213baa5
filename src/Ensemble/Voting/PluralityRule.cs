namespace Ensemble;

/// <summary>The choice with the largest weight wins.</summary>
internal sealed class PluralityRule : IVoteRule
{
    public Vote Count(IReadOnlyList<Ballot> ballots) => Plurality.Count(ballots);

    public bool IsDecided(ReadOnlySpan<Ballot> arrived, double pendingWeight)
    {
        // An equal is a tie, which the first voter wins: it might still be out.
        (double leader, double second) = Plurality.Lead(arrived);
        return leader > second + pendingWeight;
    }
}
