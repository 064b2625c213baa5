using System.Collections.Frozen;

namespace Ensemble;

/// <summary>
/// Finds what holds for a tenant: names compare ignoring case, as every key of the configuration does. Where tenants are named, one that is not
/// among them is refused, or a misspelt name would have no rules at all; a tenant <c>Default</c> says what holds for all others. Immutable.
/// </summary>
/// <param name="tenants">What holds for each.</param>
/// <param name="place">Where tenants are named, for the error.</param>
/// <param name="none">What holds for a request without a tenant when there is no <c>Default</c>.</param>
/// <param name="refusesOthers">Whether a tenant that is not named is refused when there is no <c>Default</c>.</param>
internal sealed class TenantTable<T>(IEnumerable<KeyValuePair<string, T>> tenants, string place, T none, bool refusesOthers = true)
{
    private readonly FrozenDictionary<string, T> _tenants = tenants.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns what holds for a tenant.</summary>
    /// <param name="tenant">Its name; <see langword="null"/> when the request names none.</param>
    /// <exception cref="UnknownTenantException">It is none of the named ones, and nothing is said of others.</exception>
    public T Of(string? tenant) =>
        tenant is not null && _tenants.TryGetValue(tenant, out T? own) ? own
        : _tenants.TryGetValue(UnknownTenantException.Others, out T? others) ? others
        : tenant is null || !refusesOthers ? none
        : throw new UnknownTenantException(tenant, place, _tenants.Keys);

    /// <summary>Returns what holds for a tenant, and what holds for nobody when the tenant is unknown: whoever reads the rules refuses it.</summary>
    /// <param name="tenant">Its name; <see langword="null"/> when the request names none.</param>
    public T OrNone(string? tenant) =>
        (tenant is not null && _tenants.TryGetValue(tenant, out T? known)) || _tenants.TryGetValue(UnknownTenantException.Others, out known) ? known : none;
}
