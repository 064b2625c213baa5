namespace Ensemble;

/// <summary>How often each way to use the members of a <see cref="TextClassifier"/> is right on labelled texts.</summary>
public sealed class TextEvaluation
{
    private TextEvaluation(Accuracy? sample, Accuracy? averageVoter, Accuracy? rawVote, Accuracy? centeredVote, Accuracy? centeredMean, Accuracy? bags, Accuracy? embedding, Accuracy answer)
    {
        Sample = sample;
        AverageVoter = averageVoter;
        RawVote = rawVote;
        CenteredVote = centeredVote;
        CenteredMean = centeredMean;
        Bags = bags;
        Embedding = embedding;
        Answer = answer;
    }

    /// <summary>Gets the expected accuracy of one answer sampled at temperature 1 among the labels; <see langword="null"/> without bags.</summary>
    public Accuracy? Sample { get; }

    /// <summary>Gets the mean accuracy of a single voter, answering greedily, not calibrated; <see langword="null"/> without bags.</summary>
    public Accuracy? AverageVoter { get; }

    /// <summary>Gets the accuracy of the vote without calibration; <see langword="null"/> without bags.</summary>
    public Accuracy? RawVote { get; }

    /// <summary>Gets the accuracy of the vote with each voter's habit off (<see cref="VoterScores.Centered"/>), as <see cref="BaggedEvaluation.CalibratedVote"/>; <see langword="null"/> without bags.</summary>
    public Accuracy? CenteredVote { get; }

    /// <summary>Gets the accuracy of the mean log-probability of the same, as <see cref="BaggedEvaluation.MeanLogProbability"/>; <see langword="null"/> without bags.</summary>
    public Accuracy? CenteredMean { get; }

    /// <summary>Gets the accuracy of the bags alone as the classifier uses them: the mean log-probability with slope and bias fitted too; <see langword="null"/> without bags.</summary>
    public Accuracy? Bags { get; }

    /// <summary>Gets the accuracy of the embedding member alone; <see langword="null"/> without one.</summary>
    public Accuracy? Embedding { get; }

    /// <summary>Gets the accuracy of the classifier's answers.</summary>
    public Accuracy Answer { get; }

    /// <summary>Compares predictions with the right labels. Every voter must have been asked (<see cref="TextClassifierOptions.StopsEarly"/> off), or the figures of voters are of different texts.</summary>
    /// <param name="predictions">The predictions of one classifier.</param>
    /// <param name="expected">The right label of each.</param>
    /// <returns>The accuracies.</returns>
    /// <exception cref="ArgumentException">There is no prediction, the two lists differ in length, a right label is unknown, or voters were left out.</exception>
    public static TextEvaluation Of(IReadOnlyList<TextPrediction> predictions, IReadOnlyList<string> expected)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(expected);
        if (predictions.Count == 0 || predictions.Count != expected.Count)
        {
            throw new ArgumentException($"There are {predictions.Count} predictions and {expected.Count} labels; give as many labels as predictions, and at least one.", nameof(expected));
        }

        int[] right = [.. expected.Select((label, i) => predictions[i].Labels.ToList().IndexOf(label))];
        if (Array.IndexOf(right, -1) is >= 0 and var unknown)
        {
            throw new ArgumentException($"The classifier does not know the label '{expected[unknown]}'.", nameof(expected));
        }

        int voters = predictions[0].Voters.Count;
        if (predictions.Any(prediction => prediction.Voters.Count != voters))
        {
            throw new ArgumentException("Some texts had fewer voters than others: set StopsEarly to false to measure.", nameof(predictions));
        }

        Accuracy Count(Func<TextPrediction, int> answer) => Accuracy.OfCount(predictions.Where((prediction, i) => answer(prediction) == right[i]).Count(), right.Length);
        bool bags = voters > 0;
        return new TextEvaluation(
            bags ? Accuracy.OfScores([.. predictions.Select((p, i) => p.Voters.Average(voter => Math.Exp(voter.LogProbabilities[right[i]])))]) : null,
            bags ? Accuracy.OfScores([.. predictions.Select((p, i) => p.Voters.Average(voter => Best(voter.LogProbabilities) == right[i] ? 1.0 : 0))]) : null,
            bags ? Count(p => Vote(p, voter => voter.LogProbabilities)) : null,
            bags ? Count(p => Vote(p, voter => voter.Centered)) : null,
            bags ? Count(p => BaggingMath.Best(Mean(p, voter => voter.Centered))) : null,
            bags ? Count(p => Best(p.BagLogProbabilities!)) : null,
            predictions[0].EmbeddingLogProbabilities is null ? null : Count(p => Best(p.EmbeddingLogProbabilities!)),
            Count(p => Best(p.Probabilities)));
    }

    /// <summary>Gets the accuracies that there are, with their names, from the simplest to the answer.</summary>
    /// <returns>The rows of a table.</returns>
    public IReadOnlyList<KeyValuePair<string, Accuracy>> Rows()
    {
        (string Name, Accuracy? Accuracy)[] all =
        [
            ("one sample", Sample), ("average voter", AverageVoter), ("raw vote", RawVote), ("centred vote", CenteredVote), ("centred mean", CenteredMean), ("bags, fitted", Bags), ("embedding", Embedding),
            (Bags is not null && Embedding is not null ? "fused" : "answer", Answer),
        ];
        return [.. all.Where(row => row.Accuracy is not null).Select(row => KeyValuePair.Create(row.Name, row.Accuracy!))];
    }

    // A tie goes to the label with the larger mean, as in every vote of the classifier.
    private static int Vote(TextPrediction prediction, Func<VoterScores, IReadOnlyList<double>> select)
    {
        double[] mean = Mean(prediction, select);
        int[] votes = new int[mean.Length];
        foreach (VoterScores voter in prediction.Voters)
        {
            votes[Best(select(voter))]++;
        }

        return Enumerable.Range(0, votes.Length).OrderByDescending(c => votes[c]).ThenByDescending(c => mean[c]).First();
    }

    private static double[] Mean(TextPrediction prediction, Func<VoterScores, IReadOnlyList<double>> select) =>
        BaggingMath.Mean([.. prediction.Voters.Select(voter => select(voter).ToArray())]);

    private static int Best(IReadOnlyList<double> row) => BaggingMath.Best([.. row]);
}
