namespace Ensemble;

/// <summary>How often each way to use the voters is right on labelled texts.</summary>
public sealed class BaggedEvaluation
{
    private BaggedEvaluation(IReadOnlyList<Accuracy> voters, Accuracy average, Accuracy sample, Accuracy raw, Accuracy vote, Accuracy mean)
    {
        Voters = voters;
        AverageVoter = average;
        Sample = sample;
        RawVote = raw;
        CalibratedVote = vote;
        MeanLogProbability = mean;
    }

    /// <summary>Gets the accuracy of each voter alone, answering greedily, not calibrated.</summary>
    public IReadOnlyList<Accuracy> Voters { get; }

    /// <summary>Gets the mean accuracy of a single voter, with the interval over the texts.</summary>
    public Accuracy AverageVoter { get; }

    /// <summary>Gets the expected accuracy of one answer sampled at temperature 1 among the labels: the probability of the right one, over texts and voters.</summary>
    public Accuracy Sample { get; }

    /// <summary>Gets the accuracy of the vote without calibration.</summary>
    public Accuracy RawVote { get; }

    /// <summary>Gets the accuracy of the vote after out-of-bag calibration.</summary>
    public Accuracy CalibratedVote { get; }

    /// <summary>Gets the accuracy of the classifier's answer: the largest mean log-probability after out-of-bag calibration.</summary>
    public Accuracy MeanLogProbability { get; }

    /// <summary>Compares predictions with the right labels.</summary>
    /// <param name="predictions">The predictions of one classifier.</param>
    /// <param name="expected">The right label of each.</param>
    /// <returns>The accuracies.</returns>
    /// <exception cref="ArgumentException">There is no prediction, the two lists differ in length, or a right label is unknown to the classifier.</exception>
    public static BaggedEvaluation Of(IReadOnlyList<BaggedPrediction> predictions, IReadOnlyList<string> expected)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(expected);
        if (predictions.Count == 0 || predictions.Count != expected.Count)
        {
            throw new ArgumentException($"There are {predictions.Count} predictions and {expected.Count} labels; give as many labels as predictions, and at least one.", nameof(expected));
        }

        int[] right = [.. expected.Select((label, i) => predictions[i].Labels.ToList().IndexOf(label))];
        int unknown = Array.IndexOf(right, -1);
        if (unknown >= 0)
        {
            throw new ArgumentException($"The classifier does not know the label '{expected[unknown]}'.", nameof(expected));
        }

        int voters = predictions[0].Voters.Count;
        return new(
            [.. Enumerable.Range(0, voters).Select(k => Count(predictions, (p, i) => Best(p.Voters[k]) == right[i]))],
            Accuracy.OfScores([.. predictions.Select((p, i) => p.Voters.Average(v => Best(v) == right[i] ? 1.0 : 0.0))]),
            Accuracy.OfScores([.. predictions.Select((p, i) => p.Voters.Average(v => Math.Exp(v.LogProbabilities[right[i]])))]),
            Count(predictions, (p, i) => p.RawVote.Winner == expected[i]),
            Count(predictions, (p, i) => p.Vote.Winner == expected[i]),
            Count(predictions, (p, i) => p.Label == expected[i]));
    }

    private static int Best(VoterScores voter) => BaggingMath.Best([.. voter.LogProbabilities]);

    private static Accuracy Count(IReadOnlyList<BaggedPrediction> predictions, Func<BaggedPrediction, int, bool> isRight) =>
        Accuracy.OfCount(predictions.Where((p, i) => isRight(p, i)).Count(), predictions.Count);
}
