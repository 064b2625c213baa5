namespace Ensemble;

/// <summary>The rates above a prompt length in a catalog file.</summary>
internal sealed class TierRow
{
    public required long Above { get; init; }

    public required decimal In { get; init; }

    public required decimal Out { get; init; }

    public decimal? Read { get; init; }

    public decimal? Write { get; init; }

    public PriceTier ToTier() => new()
    {
        AboveInputTokens = Above,
        InputPerMillion = In,
        OutputPerMillion = Out,
        CachedInputPerMillion = Read,
        CacheWritePerMillion = Write,
    };
}
