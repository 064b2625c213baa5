namespace Ensemble;

/// <summary>One model in a catalog file.</summary>
internal sealed class CatalogRow
{
    public required string Id { get; init; }

    public string? Provider { get; init; }

    public long? Window { get; init; }

    public long? Input { get; init; }

    public long? Output { get; init; }

    public string[]? Can { get; init; }

    public string? CanSource { get; init; }

    public string[]? For { get; init; }

    public string? Languages { get; init; }

    public string? Encoding { get; init; }

    public EnergyClass? Energy { get; init; }

    public double? Active { get; init; }

    public double? Total { get; init; }

    public PriceRow? Price { get; init; }

    public PriceRow? Disputed { get; init; }

    public bool? Retired { get; init; }

    public DateOnly? RetiresOn { get; init; }
}
