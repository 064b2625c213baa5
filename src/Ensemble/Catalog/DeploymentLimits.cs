namespace Ensemble;

/// <summary>The rate limits of a deployment as its provider grants them.</summary>
public sealed class DeploymentLimits
{
    /// <summary>Gets the limits of a deployment of which none is known.</summary>
    public static DeploymentLimits None { get; } = new();

    /// <summary>Gets the requests a minute; <see langword="null"/> when unknown or unlimited.</summary>
    public long? RequestsPerMinute { get; init; }

    /// <summary>Gets the tokens a minute; <see langword="null"/> when unknown or unlimited.</summary>
    public long? TokensPerMinute { get; init; }

    /// <summary>Gets the requests that may run at once; <see langword="null"/> when unlimited.</summary>
    public int? MaxConcurrency { get; init; }
}
