using System.Collections.Frozen;

namespace Ensemble;

/// <summary>What the tenants of a configuration require of every model that answers them. Immutable.</summary>
internal sealed class TenantRules(IEnumerable<KeyValuePair<string, Requirements>> tenants)
{
    private readonly FrozenDictionary<string, Requirements> _tenants = tenants.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Returns what a tenant requires.</summary>
    public Requirements RequirementsOf(string tenant) => _tenants.GetValueOrDefault(tenant, Requirements.None);
}
