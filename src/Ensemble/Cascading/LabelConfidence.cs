namespace Ensemble;

/// <summary>Where a classifier puts the probability of its label on its answer.</summary>
internal static class LabelConfidence
{
    public const string Key = "ensemble.label_probability";
}
