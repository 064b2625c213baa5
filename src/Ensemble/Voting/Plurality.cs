namespace Ensemble;

/// <summary>Counts ballots; the choice with the largest weight wins.</summary>
internal static class Plurality
{
    /// <param name="ballots">The ballots in the order of the voters.</param>
    /// <param name="tieBreak">Ranks choices of equal weight, larger first; without it they stand in the order of their first ballot.</param>
    public static Vote Count(IReadOnlyList<Ballot> ballots, Func<string, double>? tieBreak = null)
    {
        List<KeyValuePair<string, double>> counts = [];
        Dictionary<string, int> votes = new(StringComparer.Ordinal);
        double total = 0;
        foreach (Ballot ballot in ballots)
        {
            if (ballot.Choice is not { } choice)
            {
                continue;
            }

            total += ballot.Weight;
            votes[choice] = votes.GetValueOrDefault(choice) + 1;
            int at = counts.FindIndex(count => count.Key == choice);
            if (at < 0)
            {
                counts.Add(KeyValuePair.Create(choice, ballot.Weight));
            }
            else
            {
                counts[at] = KeyValuePair.Create(choice, counts[at].Value + ballot.Weight);
            }
        }

        // The sort is stable: what is equal stays in the order of its first ballot.
        KeyValuePair<string, double>[] ordered = [.. counts.OrderByDescending(count => count.Value).ThenByDescending(count => tieBreak?.Invoke(count.Key) ?? 0)];
        return new Vote
        {
            Outcome = Outcome(ordered, votes),
            Winner = ordered.Length == 0 ? null : ordered[0].Key,
            Agreement = total > 0 ? ordered[0].Value / total : 0,
            Counts = ordered,
            Ballots = ballots,
        };
    }

    private static VoteOutcome Outcome(KeyValuePair<string, double>[] counts, Dictionary<string, int> votes) =>
        counts.Length == 0 || (counts.Length > 1 && votes.Values.All(count => count == 1)) ? VoteOutcome.NoAgreement
        : counts.Length > 1 && counts[0].Value.Equals(counts[1].Value) ? VoteOutcome.Tied
        : VoteOutcome.Decided;
}
