namespace Ensemble;

/// <summary>What a deployment promises about the data it is sent. What is not promised counts as not kept.</summary>
[Flags]
public enum DataPolicies
{
    /// <summary>Nothing is promised, or nothing is known.</summary>
    None = 0,

    /// <summary>Prompts and answers are never used to train models.</summary>
    NoTraining = 1,

    /// <summary>Prompts and answers are not kept after the request has been answered.</summary>
    ZeroRetention = 2,
}
