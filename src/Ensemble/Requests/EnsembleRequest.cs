namespace Ensemble;

/// <summary>What a caller asks of the ensemble itself; immutable. It never reaches a member that is not part of the ensemble.</summary>
public sealed record EnsembleRequest
{
    /// <summary>Gets the tenant on whose behalf the request is made; nothing that is kept between requests is shared between tenants.</summary>
    /// <value>The default value is <see langword="null"/>: no tenant.</value>
    public string? Tenant { get; init; }

    /// <summary>Gets the choices that a panel votes over, in place of those it is configured with.</summary>
    /// <value>The default value is <see langword="null"/>: those of the panel.</value>
    public IReadOnlyList<string>? Choices { get; init; }
}
