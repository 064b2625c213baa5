namespace Ensemble;

/// <summary>How a semantic index scores, and when it says "none of these".</summary>
public sealed class SemanticOptions
{
    /// <summary>Gets or sets how routes are scored.</summary>
    /// <value>The default value is <see cref="SemanticScoring.Automatic"/>.</value>
    public SemanticScoring Scoring { get; set; }

    /// <summary>
    /// Gets or sets the share of texts that fit a route and shall be accepted, more than 0 and less than 1: the threshold is the score that this share of
    /// the examples reaches when each is scored without itself. Nothing that fits no route is needed to find it.
    /// </summary>
    /// <value>The default value is 0.8.</value>
    public double AcceptedShare { get; set; } = 0.8;

    /// <summary>Gets or sets the lowest score that is accepted, in place of the one found from the examples.</summary>
    /// <value>The default value is <see langword="null"/>: it is found from the examples.</value>
    public double? Threshold { get; set; }

    internal void Validate()
    {
        if (!Enum.IsDefined(Scoring))
        {
            throw new ArgumentOutOfRangeException(nameof(Scoring), Scoring, "Scoring is unknown; leave it out or take a named value.");
        }

        if (!(AcceptedShare > 0 && AcceptedShare < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(AcceptedShare), AcceptedShare, $"AcceptedShare is {AcceptedShare}; give a share between 0 and 1, for instance 0.8.");
        }

        if (Threshold is { } threshold && !double.IsFinite(threshold))
        {
            throw new ArgumentOutOfRangeException(nameof(Threshold), Threshold, "Threshold is not a finite number; leave it out to have it found.");
        }
    }
}
