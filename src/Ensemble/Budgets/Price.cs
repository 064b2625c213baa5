using System.Globalization;

namespace Ensemble;

/// <summary>
/// What a deployment charges, in US dollars for a million tokens. A price without input or output rate is unknown: it is never
/// taken for zero, and the deployment does not qualify where cost decides. Immutable and safe to share.
/// </summary>
public sealed class Price
{
    private const decimal Million = 1_000_000m;

    /// <summary>Gets the price of what runs in this process or on hardware of one's own: zero, with source <c>local</c>.</summary>
    public static Price Local { get; } = new() { InputPerMillion = 0m, OutputPerMillion = 0m, Source = "local" };

    /// <summary>Gets the price of which nothing is known.</summary>
    public static Price Unknown { get; } = new();

    /// <summary>Gets the price of a million input tokens; <see langword="null"/> when unknown.</summary>
    public decimal? InputPerMillion { get; init; }

    /// <summary>Gets the price of a million output tokens; <see langword="null"/> when unknown.</summary>
    public decimal? OutputPerMillion { get; init; }

    /// <summary>Gets the price of a million input tokens read from the provider's cache; <see langword="null"/> means the input price.</summary>
    public decimal? CachedInputPerMillion { get; init; }

    /// <summary>Gets the price of a million input tokens written to the provider's cache; <see langword="null"/> means the input price.</summary>
    public decimal? CacheWritePerMillion { get; init; }

    /// <summary>Gets the price of a million reasoning tokens; <see langword="null"/> means the output price.</summary>
    public decimal? ReasoningPerMillion { get; init; }

    /// <summary>Gets the price of a million input tokens that stand for images; <see langword="null"/> means the input price.</summary>
    public decimal? ImagePerMillion { get; init; }

    /// <summary>Gets the price of a million input tokens in a batch; <see langword="null"/> when the model takes no batches or the price is unknown.</summary>
    public decimal? BatchInputPerMillion { get; init; }

    /// <summary>Gets the price of a million output tokens in a batch; <see langword="null"/> when the model takes no batches or the price is unknown.</summary>
    public decimal? BatchOutputPerMillion { get; init; }

    /// <summary>Gets the rates for long prompts, by ascending bound.</summary>
    public IReadOnlyList<PriceTier> Tiers { get; init; } = [];

    /// <summary>Gets the factor by which every rate grows when inference is kept in a region, for instance 1.1; see <see cref="InRegion"/>.</summary>
    /// <value>The default value is 1.</value>
    public decimal RegionUplift { get; init; } = 1m;

    /// <summary>Gets where the price comes from: a public table, <c>local</c>, or <c>user</c>; <see langword="null"/> when unknown.</summary>
    public string? Source { get; init; }

    /// <summary>Gets the day on which the source was read.</summary>
    public DateOnly? AsOf { get; init; }

    /// <summary>Gets whether both the input and the output rate are known.</summary>
    public bool IsKnown => InputPerMillion is not null && OutputPerMillion is not null;

    /// <summary>Calculates what a request costs.</summary>
    /// <param name="inputTokens">All tokens of the prompt, those read from and written to a cache and those of images included.</param>
    /// <param name="outputTokens">All tokens of the answer, reasoning included.</param>
    /// <param name="cachedInputTokens">How many of the input tokens were read from the provider's cache.</param>
    /// <param name="cacheWriteTokens">How many of the input tokens were written to the provider's cache.</param>
    /// <param name="reasoningTokens">How many of the output tokens were reasoning.</param>
    /// <param name="imageTokens">How many of the input tokens stand for images.</param>
    /// <returns>US dollars, or <see langword="null"/> when the price is unknown.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative, or the parts are more than their whole.</exception>
    public decimal? CostUsd(long inputTokens, long outputTokens, long cachedInputTokens = 0, long cacheWriteTokens = 0, long reasoningTokens = 0, long imageTokens = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cachedInputTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(cacheWriteTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(imageTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(reasoningTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(outputTokens);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputTokens, cachedInputTokens + cacheWriteTokens + imageTokens);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputTokens, reasoningTokens);
        if (InputPerMillion is not { } input || OutputPerMillion is not { } output)
        {
            return null;
        }

        decimal? cached = CachedInputPerMillion;
        decimal? written = CacheWritePerMillion;
        if (TierFor(inputTokens) is { } tier)
        {
            (input, output, cached, written) = (tier.InputPerMillion, tier.OutputPerMillion, tier.CachedInputPerMillion, tier.CacheWritePerMillion);
        }

        decimal sum = (inputTokens - cachedInputTokens - cacheWriteTokens - imageTokens) * input
            + cachedInputTokens * (cached ?? input)
            + cacheWriteTokens * (written ?? input)
            + imageTokens * (ImagePerMillion ?? input)
            + (outputTokens - reasoningTokens) * output
            + reasoningTokens * (ReasoningPerMillion ?? output);
        return sum / Million;
    }

    /// <summary>Returns the price of a deployment whose inference is kept in a region: every rate times <see cref="RegionUplift"/>.</summary>
    /// <returns>The price, with an uplift of 1; this price itself when the uplift is 1.</returns>
    public Price InRegion() => RegionUplift == 1m ? this : new Price
    {
        InputPerMillion = InputPerMillion * RegionUplift,
        OutputPerMillion = OutputPerMillion * RegionUplift,
        CachedInputPerMillion = CachedInputPerMillion * RegionUplift,
        CacheWritePerMillion = CacheWritePerMillion * RegionUplift,
        ReasoningPerMillion = ReasoningPerMillion * RegionUplift,
        ImagePerMillion = ImagePerMillion * RegionUplift,
        BatchInputPerMillion = BatchInputPerMillion * RegionUplift,
        BatchOutputPerMillion = BatchOutputPerMillion * RegionUplift,
        Tiers =
        [
            .. Tiers.Select(tier => new PriceTier
            {
                AboveInputTokens = tier.AboveInputTokens,
                InputPerMillion = tier.InputPerMillion * RegionUplift,
                OutputPerMillion = tier.OutputPerMillion * RegionUplift,
                CachedInputPerMillion = tier.CachedInputPerMillion * RegionUplift,
                CacheWritePerMillion = tier.CacheWritePerMillion * RegionUplift,
            }),
        ],
        Source = Source,
        AsOf = AsOf,
    };

    /// <summary>Finds the tier that holds for a prompt of the given length.</summary>
    /// <param name="inputTokens">The tokens of the prompt.</param>
    /// <returns>The tier, or <see langword="null"/> when the base rates hold.</returns>
    public PriceTier? TierFor(long inputTokens)
    {
        PriceTier? found = null;
        foreach (PriceTier tier in Tiers)
        {
            if (inputTokens > tier.AboveInputTokens && (found is null || tier.AboveInputTokens > found.AboveInputTokens))
            {
                found = tier;
            }
        }

        return found;
    }

    /// <inheritdoc/>
    public override string ToString() => IsKnown
        ? string.Create(CultureInfo.InvariantCulture, $"${InputPerMillion:0.######} in, ${OutputPerMillion:0.######} out per million")
        : "unknown";
}
