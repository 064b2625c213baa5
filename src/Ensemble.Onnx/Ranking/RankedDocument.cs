using System.Globalization;

namespace Ensemble.Onnx;

/// <summary>A document with how well it answers the query.</summary>
public sealed class RankedDocument
{
    internal RankedDocument(int index, double score)
    {
        Index = index;
        Score = score;
    }

    /// <summary>Gets which document it is: its place among those that were given, from 0 on.</summary>
    public int Index { get; }

    /// <summary>Gets the sigmoid of the model's logit, from 0 to 1. Scores of one model can be compared; what is "good enough" differs from model to model.</summary>
    public double Score { get; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index} ({Score:0.000})");
}
