namespace QuickStart.Bagging;

/// <summary>Arithmetic on log-probabilities of labels.</summary>
internal static class LogProbabilities
{
    /// <summary>Scales log-probabilities so that their probabilities sum to 1.</summary>
    public static double[] Normalise(IReadOnlyList<double> values)
    {
        // The largest is taken out first: exp of it is 1, whatever the scale.
        double largest = values.Max();
        double logSum = largest + Math.Log(values.Sum(value => Math.Exp(value - largest)));
        return [.. values.Select(value => value - logSum)];
    }

    /// <summary>Takes a voter's habit out of its scores, and scales them again.</summary>
    public static double[] Centre(IReadOnlyList<double> values, IReadOnlyList<double> centre) =>
        Normalise([.. values.Zip(centre, (value, habit) => value - habit)]);

    /// <summary>Averages the voters' scores label by label.</summary>
    public static double[] Mean(IReadOnlyList<double[]> voters) =>
        [.. Enumerable.Range(0, voters[0].Length).Select(label => voters.Average(voter => voter[label]))];

    /// <summary>Gives the place of the largest value, the first of equals.</summary>
    public static int Best(IReadOnlyList<double> values)
    {
        int best = 0;
        for (int index = 1; index < values.Count; index++)
        {
            best = values[index] > values[best] ? index : best;
        }

        return best;
    }
}
