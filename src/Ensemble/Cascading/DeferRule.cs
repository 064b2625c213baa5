using System.Globalization;

namespace Ensemble;

/// <summary>When an answer is not sure enough, so that the next member of a cascade is asked. Every limit that is set must be reached.</summary>
public sealed class DeferRule
{
    /// <summary>Gets or sets the smallest agreement of a panel that may answer, from 0 to 1; a tie and a missed quorum always go on. The panel does not stop its voters before this is settled, so the answer does not depend on who was first.</summary>
    /// <value>The default value is <see langword="null"/>: not looked at.</value>
    public double? Agreement { get; set; }

    /// <summary>Gets or sets the smallest mean log-probability of the answer's tokens, at most 0; -0.1 means that tokens have 90 % on average. Members are then asked for log-probabilities.</summary>
    /// <value>The default value is <see langword="null"/>: not looked at.</value>
    public double? MeanLogProbability { get; set; }

    /// <summary>Gets or sets the smallest probability of the label that a classifier, or a vote over probabilities, gives, from 0 to 1.</summary>
    /// <value>The default value is <see langword="null"/>: not looked at.</value>
    public double? LabelProbability { get; set; }

    /// <summary>Gets or sets whether the answer must be JSON, and fit the schema that the caller gives.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool ValidJson { get; set; }

    internal void Validate()
    {
        Check(nameof(Agreement), Agreement, 0, 1);
        Check(nameof(MeanLogProbability), MeanLogProbability, double.MinValue, 0);
        Check(nameof(LabelProbability), LabelProbability, 0, 1);
        if (Agreement is null && MeanLogProbability is null && LabelProbability is null && !ValidJson)
        {
            throw new ArgumentException("DeferBelow says nothing: set Agreement, MeanLogProbability, LabelProbability or ValidJson, or use a router, which goes on only after a failure.");
        }
    }

    private static void Check(string name, double? value, double minimum, double maximum)
    {
        if (value is { } given && !(given >= minimum && given <= maximum))
        {
            throw new ArgumentOutOfRangeException(name, given, string.Create(CultureInfo.InvariantCulture, $"DeferBelow: {name} is {given}; give at least {(minimum < -1 ? "any number" : minimum)} and at most {maximum}."));
        }
    }
}
