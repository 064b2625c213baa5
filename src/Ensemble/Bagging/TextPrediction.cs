namespace Ensemble;

/// <summary>What a <see cref="TextClassifier"/> says about one text.</summary>
public sealed class TextPrediction
{
    internal TextPrediction(IReadOnlyList<string> labels, double[] log, IReadOnlyList<VoterScores> voters, double[]? bags, double[]? embedding, double threshold, Receipt receipt)
    {
        int best = BaggingMath.Best(log);
        Labels = labels;
        Label = labels[best];
        Probabilities = [.. log.Select(Math.Exp)];
        Confidence = Probabilities[best];
        Voters = voters;
        BagLogProbabilities = bags;
        EmbeddingLogProbabilities = embedding;
        Threshold = threshold;
        Defers = Confidence < threshold;
        Receipt = receipt;
        double members = voters.Count + (embedding is null ? 0 : 1);
        double agreeing = voters.Count(voter => BaggingMath.Best([.. voter.Calibrated]) == best) + (embedding is not null && BaggingMath.Best(embedding) == best ? 1 : 0);
        Agreement = agreeing / members;
    }

    /// <summary>Gets the labels, in the order of all scores.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Gets the answer.</summary>
    public string Label { get; }

    /// <summary>Gets the probability of the answer, from 0 to 1, calibrated on the labelled examples.</summary>
    public double Confidence { get; }

    /// <summary>Gets the share of the voters asked, the embedding member among them, that say the answer.</summary>
    public double Agreement { get; }

    /// <summary>Gets the probability of each label.</summary>
    public IReadOnlyList<double> Probabilities { get; }

    /// <summary>Gets what each bagged voter that was asked says.</summary>
    public IReadOnlyList<VoterScores> Voters { get; }

    /// <summary>Gets the log-probabilities of the bagged voters together; <see langword="null"/> when none was asked.</summary>
    public IReadOnlyList<double>? BagLogProbabilities { get; }

    /// <summary>Gets the log-probabilities of the embedding member; <see langword="null"/> when there is none.</summary>
    public IReadOnlyList<double>? EmbeddingLogProbabilities { get; }

    /// <summary>Gets whether the answer is less sure than <see cref="TextClassifier.Threshold"/>, or than that of the members which were heard when one failed: better ask a stronger model.</summary>
    public bool Defers { get; }

    /// <summary>Gets the confidence below which it defers.</summary>
    internal double Threshold { get; }

    /// <summary>Gets what it took.</summary>
    public Receipt Receipt { get; }
}
