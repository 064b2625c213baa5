namespace Ensemble;

/// <summary>Where a member that classifies says how sure it is of the label that it answers with; a cascade reads it (<see cref="DeferRule.LabelProbability"/>).</summary>
public static class LabelConfidence
{
    /// <summary>The key under which members put the probability of their label, a <see cref="double"/> from 0 to 1, on responses and updates.</summary>
    public const string ResponseKey = "ensemble.label_probability";
}
