namespace Ensemble;

/// <summary>Counts ballots; the choice with the largest weight wins.</summary>
internal static class Plurality
{
    // Panels are far smaller; beyond it the heap is used.
    private const int OnStack = 64;

    /// <param name="ballots">The ballots in the order of the voters.</param>
    /// <param name="tieBreak">Ranks choices of equal weight, larger first; without it they stand in the order of their first ballot.</param>
    public static Vote Count(IReadOnlyList<Ballot> ballots, Func<string, double>? tieBreak = null)
    {
        ReadOnlySpan<Ballot> span = ballots is Ballot[] array ? array : [.. ballots];
        Span<int> first = span.Length <= OnStack ? stackalloc int[OnStack] : new int[span.Length];
        Span<double> weights = span.Length <= OnStack ? stackalloc double[OnStack] : new double[span.Length];
        Tally tally = new(span, first, weights);
        KeyValuePair<string, double>[] counts = Ordered(tally, tieBreak);
        return new Vote
        {
            Outcome = counts.Length == 0 || tally.Total <= 0 || (counts.Length > 1 && tally.AllAlone) ? VoteOutcome.NoAgreement
                : counts.Length > 1 && counts[0].Value.Equals(counts[1].Value) ? VoteOutcome.Tied
                : VoteOutcome.Decided,
            Winner = counts.Length == 0 ? null : counts[0].Key,
            Agreement = tally.Total > 0 ? counts[0].Value / tally.Total : 0,
            Counts = counts,
            Ballots = ballots,
        };
    }

    /// <summary>Returns how the count stands; allocates nothing.</summary>
    public static Standing Lead(ReadOnlySpan<Ballot> ballots)
    {
        Span<int> first = ballots.Length <= OnStack ? stackalloc int[OnStack] : new int[ballots.Length];
        Span<double> weights = ballots.Length <= OnStack ? stackalloc double[OnStack] : new double[ballots.Length];
        Tally tally = new(ballots, first, weights);
        return new Standing(tally.Leading, tally.Second, tally.Total, tally.Count, tally.AllAlone);
    }

    // Insertion keeps what is equal in the order of its first ballot.
    private static KeyValuePair<string, double>[] Ordered(Tally tally, Func<string, double>? tieBreak)
    {
        KeyValuePair<string, double>[] counts = new KeyValuePair<string, double>[tally.Count];
        for (int i = 0; i < counts.Length; i++)
        {
            KeyValuePair<string, double> next = new(tally.Choice(i), tally.Weight(i));
            int at = i;
            while (at > 0 && IsBefore(next, counts[at - 1], tieBreak))
            {
                counts[at] = counts[at - 1];
                at--;
            }

            counts[at] = next;
        }

        return counts;
    }

    private static bool IsBefore(KeyValuePair<string, double> left, KeyValuePair<string, double> right, Func<string, double>? tieBreak) =>
        left.Value > right.Value || (left.Value.Equals(right.Value) && tieBreak is not null && tieBreak(left.Key) > tieBreak(right.Key));
}
