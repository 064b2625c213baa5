namespace Ensemble;

/// <summary>What a route requires and prefers for a tenant: its own rules with the tenant's. Immutable.</summary>
/// <param name="requirements">What its members must satisfy.</param>
/// <param name="objective">What it prefers among those.</param>
internal sealed class TenantChoice(Requirements requirements, Objective objective)
{
    /// <summary>Gets what its members must satisfy.</summary>
    public Requirements Requirements => requirements;

    /// <summary>Gets what it prefers among those.</summary>
    public Objective Objective => objective;

    /// <summary>Gets what also holds for whatever its members ask: all but whom the route allows, which is said of its own members.</summary>
    public Requirements Within { get; } = requirements with { Allow = null };
}
