namespace Ensemble;

/// <summary>The choice with the largest weighted mean of the voters' probabilities, or of their logarithms, wins.</summary>
internal sealed class ProbabilityRule(bool logarithmic) : IVoteRule, IBoundedRule
{
    private const double Rounding = 1e-7;

    // A voter that only says a word gets a probability all the same; 0 would be a veto in the logarithm.
    private const double Floor = 0.01;

    public Vote Count(IReadOnlyList<Ballot> ballots)
    {
        string[] choices = [.. ballots.SelectMany(ballot => ballot.Probabilities?.Select(p => p.Key) ?? (ballot.Choice is { } choice ? [choice] : [])).Distinct(StringComparer.Ordinal)];
        double[] sums = new double[choices.Length];
        foreach (Ballot ballot in ballots)
        {
            for (int c = 0; ballot.Choice is not null && c < choices.Length; c++)
            {
                double probability = Probability(ballot, choices[c]);
                sums[c] += ballot.Weight * (logarithmic ? Math.Log(Math.Max(probability, 1e-12)) : probability);
            }
        }

        double weight = ballots.Where(ballot => ballot.Choice is not null).Sum(ballot => ballot.Weight);
        if (choices.Length == 0 || weight <= 0)
        {
            return new Vote { Outcome = VoteOutcome.NoAgreement, Ballots = ballots, IsOverProbabilities = true };
        }

        double[] shares = logarithmic ? [.. BaggingMath.Normalize([.. sums.Select(sum => sum / weight)]).Select(Math.Exp)] : [.. sums.Select(sum => sum / weight)];
        KeyValuePair<string, double>[] counts = [.. choices.Select((choice, c) => KeyValuePair.Create(choice, Math.Round(shares[c], 9))).OrderByDescending(count => count.Value)];
        return new Vote
        {
            Outcome = counts.Length > 1 && counts[0].Value.Equals(counts[1].Value) ? VoteOutcome.Tied : VoteOutcome.Decided,
            Winner = counts[0].Key,
            Agreement = counts[0].Value,
            Counts = counts,
            Ballots = ballots,
            IsOverProbabilities = true,
        };
    }

    // In means of probabilities each voter moves at most its weight; a logarithm has no bound.
    public bool IsDecided(ReadOnlySpan<Ballot> arrived, double pendingWeight)
    {
        if (logarithmic || arrived.IsEmpty)
        {
            return false;
        }

        Vote vote = Count([.. arrived]);
        return vote.Counts.Count > 1 && (vote.Counts[0].Value - vote.Counts[1].Value) * Readable(arrived) > pendingWeight + Rounding;
    }

    public AgreementBounds Bound(ReadOnlySpan<Ballot> arrived, double pendingWeight)
    {
        double weight = Readable(arrived);
        return logarithmic ? new(0, 1) : AgreementBounds.OfShare(Count([.. arrived]).Agreement * weight, weight, pendingWeight);
    }

    private static double Readable(ReadOnlySpan<Ballot> ballots)
    {
        double weight = 0;
        foreach (Ballot ballot in ballots)
        {
            weight += ballot.Choice is null ? 0 : ballot.Weight;
        }

        return weight;
    }

    private static double Probability(Ballot ballot, string choice)
    {
        if (ballot.Probabilities is { } probabilities)
        {
            foreach ((string key, double value) in probabilities)
            {
                if (key == choice)
                {
                    return value;
                }
            }

            return 0;
        }

        return ballot.Choice == choice ? 1 - Floor : Floor;
    }
}
