namespace Ensemble;

/// <summary>Where a model runs. Immutable and safe to share.</summary>
public sealed class Deployment
{
    /// <summary>Gets the name of the deployment, unique within its member.</summary>
    public required string Name { get; init; }

    /// <summary>Gets whether the model runs in this process; it then satisfies every rule about places and data.</summary>
    public bool InProcess { get; init; }

    /// <summary>Gets whether the model runs on hardware of one's own, in another process or on another machine; it counts as local and costs nothing unless a price is set.</summary>
    public bool SelfHosted { get; init; }

    /// <summary>
    /// Gets where inference runs, not where the resource lies: a country (<c>KR</c>), an area (<c>EU</c>), a provider's region
    /// (<c>koreacentral</c>), or <c>global</c>. <see langword="null"/> is unknown, and refused where a place is required.
    /// </summary>
    public string? Processing { get; init; }

    /// <summary>Gets what the deployment promises about data.</summary>
    public DataPolicies DataPolicies { get; init; }

    /// <summary>Gets the price here; <see langword="null"/> means the card's list price, or <see cref="Price.Local"/> for a local one.</summary>
    public Price? Price { get; init; }

    internal bool IsLocal => InProcess || SelfHosted;

    /// <summary>Gets the limits of the deployment.</summary>
    public DeploymentLimits Limits { get; init; } = DeploymentLimits.None;

    /// <summary>Gets the share of requests when deployments are picked by weight.</summary>
    /// <value>The default value is 1; 0 means only when no other is left.</value>
    public double Weight { get; init; } = 1;

    /// <summary>Gets the priority tier: a lower tier is used first, a higher one only when none of the lower is available.</summary>
    /// <value>The default value is 0.</value>
    public int Tier { get; init; }
}
