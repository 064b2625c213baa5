namespace Ensemble;

/// <summary>What a bagged classifier says about one text.</summary>
public sealed class BaggedPrediction
{
    internal BaggedPrediction(IReadOnlyList<string> labels, IReadOnlyList<VoterScores> voters, Receipt receipt, Vote rawVote, double[] mean)
    {
        Labels = labels;
        Voters = voters;
        Receipt = receipt;
        RawVote = rawVote;
        MeanLogProbabilities = mean;
        Label = labels[BaggingMath.Best(mean)];
        Lead = BaggingMath.Lead(mean);
    }

    /// <summary>Gets the labels, in the order of all scores.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Gets the answer: the label with the largest mean of calibrated log-probabilities.</summary>
    public string Label { get; }

    /// <summary>Gets by how much the answer's mean log-probability leads the next label's.</summary>
    public double Lead { get; }

    /// <summary>Gets the mean over the voters of each label's calibrated log-probability.</summary>
    public IReadOnlyList<double> MeanLogProbabilities { get; }

    /// <summary>Gets what each voter says.</summary>
    public IReadOnlyList<VoterScores> Voters { get; }

    /// <summary>Gets the vote of the voters as they are, each for its most probable label; a tie goes to the label with the larger mean.</summary>
    public Vote RawVote { get; }

    /// <summary>Gets the vote after calibration; a tie goes to the label with the larger mean.</summary>
    public Vote Vote => Receipt.Vote!;

    /// <summary>Gets what it took; its vote is the calibrated one.</summary>
    public Receipt Receipt { get; }
}
