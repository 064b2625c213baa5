namespace Ensemble;

/// <summary>The rates of a model for requests whose prompt is longer than a bound; they hold for the whole request, not only for the part above.</summary>
public sealed class PriceTier
{
    /// <summary>Gets the number of input tokens above which the tier holds.</summary>
    public required long AboveInputTokens { get; init; }

    /// <summary>Gets the price of a million input tokens in US dollars.</summary>
    public required decimal InputPerMillion { get; init; }

    /// <summary>Gets the price of a million output tokens in US dollars.</summary>
    public required decimal OutputPerMillion { get; init; }

    /// <summary>Gets the price of a million input tokens read from the provider's cache; <see langword="null"/> means the input price.</summary>
    public decimal? CachedInputPerMillion { get; init; }

    /// <summary>Gets the price of a million input tokens written to the provider's cache; <see langword="null"/> means the input price.</summary>
    public decimal? CacheWritePerMillion { get; init; }
}
