namespace Ensemble.CatalogGenerator;

/// <summary>The prices of one model in one table, in US dollars for a million tokens.</summary>
public sealed record Rates(decimal? In, decimal? Out)
{
    public decimal? Read { get; init; }

    public decimal? Write { get; init; }

    public decimal? Reasoning { get; init; }

    public decimal? Image { get; init; }

    public decimal? BatchIn { get; init; }

    public decimal? BatchOut { get; init; }

    public IReadOnlyList<Tier> Tiers { get; init; } = [];

    public required string Source { get; init; }

    public bool IsKnown => In is not null && Out is not null;
}
