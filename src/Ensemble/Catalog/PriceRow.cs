namespace Ensemble;

/// <summary>One price in a catalog file: US dollars for a million tokens.</summary>
internal sealed class PriceRow
{
    public decimal? In { get; init; }

    public decimal? Out { get; init; }

    public decimal? Read { get; init; }

    public decimal? Write { get; init; }

    public decimal? Reasoning { get; init; }

    public decimal? Image { get; init; }

    public decimal? BatchIn { get; init; }

    public decimal? BatchOut { get; init; }

    public decimal? Uplift { get; init; }

    public TierRow[]? Tiers { get; init; }

    public string? Source { get; init; }

    public DateOnly? Date { get; init; }

    public Price ToPrice() => new()
    {
        InputPerMillion = In,
        OutputPerMillion = Out,
        CachedInputPerMillion = Read,
        CacheWritePerMillion = Write,
        ReasoningPerMillion = Reasoning,
        ImagePerMillion = Image,
        BatchInputPerMillion = BatchIn,
        BatchOutputPerMillion = BatchOut,
        RegionUplift = Uplift ?? 1m,
        Tiers = Tiers is null ? [] : [.. Tiers.Select(tier => tier.ToTier())],
        Source = Source,
        AsOf = Date,
    };
}
