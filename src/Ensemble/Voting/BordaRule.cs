namespace Ensemble;

/// <summary>Counts points by the place in each ranking.</summary>
internal sealed class BordaRule(IReadOnlyList<string> choices) : IVoteRule, IBoundedRule
{
    private const double Rounding = 1e-7;

    public Vote Count(IReadOnlyList<Ballot> ballots)
    {
        double[] points = Points([.. ballots]);
        int[] order = [.. Enumerable.Range(0, points.Length).OrderByDescending(i => points[i])];
        double total = points.Sum();
        return new Vote
        {
            Outcome = total == 0 ? VoteOutcome.NoAgreement : points[order[0]].Equals(points[order[1]]) ? VoteOutcome.Tied : VoteOutcome.Decided,
            Winner = total == 0 ? null : choices[order[0]],
            Agreement = total == 0 ? 0 : points[order[0]] / total,
            Counts = total == 0 ? [] : [.. order.Select(i => KeyValuePair.Create(choices[i], points[i]))],
            Ballots = ballots,
        };
    }

    public bool IsDecided(ReadOnlySpan<Ballot> arrived, double pendingWeight)
    {
        double[] points = Points(arrived);
        Array.Sort(points);

        // A voter gives at most n - 1 points to the second, and at least 0 to the leader.
        return points[^1] > points[^2] + (pendingWeight * (choices.Count - 1)) + Rounding;
    }

    // Least: every voter that is out ranks all choices, the winner last. Most: each names the winner only.
    public AgreementBounds Bound(ReadOnlySpan<Ballot> arrived, double pendingWeight)
    {
        double[] points = Points(arrived);
        double winner = points.Max(), total = points.Sum(), first = pendingWeight * (choices.Count - 1);
        return total <= 0 ? default : new(winner / (total + (first * choices.Count / 2)), (winner + first) / (total + first));
    }

    private double[] Points(ReadOnlySpan<Ballot> ballots)
    {
        double[] points = new double[choices.Count];
        foreach (Ballot ballot in ballots)
        {
            if (ballot.Choice is not { } ranking)
            {
                continue;
            }

            string[] ranked = ranking.Split(RankingNormalizer.Separator);
            for (int place = 0; place < ranked.Length; place++)
            {
                if (IndexOf(ranked[place]) is >= 0 and var i)
                {
                    points[i] += ballot.Weight * Math.Max(0, choices.Count - 1 - place);
                }
            }
        }

        for (int i = 0; i < points.Length; i++)
        {
            points[i] = Math.Round(points[i], 9);
        }

        return points;
    }

    private int IndexOf(string choice)
    {
        for (int i = 0; i < choices.Count; i++)
        {
            if (choices[i] == choice)
            {
                return i;
            }
        }

        return -1;
    }
}
