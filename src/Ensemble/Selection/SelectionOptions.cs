namespace Ensemble;

/// <summary>How a router chooses among its members: who may answer, and what it prefers among those.</summary>
public sealed class SelectionOptions
{
    /// <summary>
    /// Gets or sets what is known of the members. Each deployment bears the name of the router's member that reaches it, so a model with
    /// several deployments is several members of the router. A member that is not described here is known only by what its client
    /// says of itself.
    /// </summary>
    /// <value>The default value is empty.</value>
    public IReadOnlyList<SelectionMember> Members { get; set; } = [];

    /// <summary>Gets or sets what to prefer among the members that qualify.</summary>
    /// <value>The default value is <see cref="Objective.Order"/>.</value>
    public Objective Objective { get; set; } = Objective.Order;

    /// <summary>Gets or sets what every member must satisfy.</summary>
    /// <value>The default value is <see cref="Requirements.None"/>.</value>
    public Requirements Requirements { get; set; } = Requirements.None;

    /// <summary>
    /// Gets or sets what members must satisfy besides, by tenant; names compare ignoring case. A tenant <c>Default</c> says what holds for all that are
    /// not named and for requests without a tenant; without it, and with another one here, a tenant that is not named is an <see cref="UnknownTenantException"/>.
    /// </summary>
    /// <value>The default value is empty: tenants have no further requirements.</value>
    public IReadOnlyDictionary<string, Requirements> Tenants { get; set; } = new Dictionary<string, Requirements>();

    /// <summary>Gets or sets what to prefer for a tenant in place of <see cref="Objective"/>, found as <see cref="Tenants"/> are; the objective of a request counts before both.</summary>
    /// <value>The default value is empty.</value>
    public IReadOnlyDictionary<string, Objective> TenantObjectives { get; set; } = new Dictionary<string, Objective>();

    /// <summary>Gets or sets how one of several equal deployments of a model is picked.</summary>
    /// <value>The default value is <see cref="Balancing.Weighted"/>.</value>
    public Balancing Balancing { get; set; }

    /// <summary>Gets or sets the place of this process, for <see cref="Balancing.Nearest"/>: a country or a provider's region.</summary>
    /// <value>The default value is <see langword="null"/>: unknown.</value>
    public string? Near { get; set; }

    /// <summary>Gets or sets what finds sensitive data beyond the known formats in this route, besides what does in all of them (<see cref="EnsembleRuntime.SensitiveTextDetector"/>).</summary>
    /// <value>The default value is <see langword="null"/>: nothing further does.</value>
    public SensitiveTextDetector? SensitiveTextDetector { get; set; }

    /// <summary>Gets or sets the seed from which the draws between equals follow; two routers with the same seed draw the same.</summary>
    /// <value>The default value is 0.</value>
    public long Seed { get; set; }

    /// <summary>Makes the table of what is required and preferred for each tenant, this route's own included.</summary>
    /// <param name="place">Where tenants are named, for errors.</param>
    internal TenantTable<TenantChoice> ByTenant(string place) => new(Choices(), place, new TenantChoice(Requirements, Objective), refusesOthers: Tenants.Count > 0);

    /// <summary>Returns what is required and preferred for no tenant, and for each.</summary>
    internal IEnumerable<TenantChoice> Combinations() => Choices().Select(pair => pair.Value).Prepend(new TenantChoice(Requirements, Objective));

    // Two spellings of one name are one tenant, and both bind it.
    private IEnumerable<KeyValuePair<string, TenantChoice>> Choices() =>
        Tenants.Keys.Union(TenantObjectives.Keys, StringComparer.OrdinalIgnoreCase).Select(tenant => KeyValuePair.Create(tenant, new TenantChoice(
            Of(Tenants, tenant).Aggregate(Requirements, static (all, own) => all.And(own)),
            Of(TenantObjectives, tenant).FirstOrDefault() ?? Objective)));

    private static IEnumerable<T> Of<T>(IReadOnlyDictionary<string, T> tenants, string name) =>
        tenants.Where(pair => pair.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(pair => pair.Value);
}
