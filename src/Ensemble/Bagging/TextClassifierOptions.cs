namespace Ensemble;

/// <summary>How a <see cref="TextClassifier"/> decides.</summary>
public sealed class TextClassifierOptions
{
    /// <summary>Gets or sets the probability of a label at which no further voter is asked, above 0 and at most 1. Bags without embeddings stop by their lead instead.</summary>
    /// <value>The default value is 0.9: half of short texts then need no voter at all.</value>
    public double StopAt { get; set; } = 0.9;

    /// <summary>Gets or sets whether voters are left out once the answer is settled; without it all are asked, to measure them.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool StopsEarly { get; set; } = true;

    /// <summary>Gets or sets which share of the labelled examples above <see cref="TextClassifier.Threshold"/> must be right, above 0 and at most 1.</summary>
    /// <value>The default value is 0.9.</value>
    public double TargetAccuracy { get; set; } = 0.9;

    internal void Validate()
    {
        if (!(StopAt is > 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(StopAt), StopAt, $"{nameof(StopAt)} is {StopAt}; give more than 0 and at most 1.");
        }

        if (!(TargetAccuracy is > 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(TargetAccuracy), TargetAccuracy, $"{nameof(TargetAccuracy)} is {TargetAccuracy}; give more than 0 and at most 1.");
        }
    }
}
