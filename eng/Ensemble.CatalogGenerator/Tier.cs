namespace Ensemble.CatalogGenerator;

/// <summary>The rates of one model above a prompt length.</summary>
public sealed record Tier(long Above, decimal In, decimal Out)
{
    public decimal? Read { get; init; }

    public decimal? Write { get; init; }
}
