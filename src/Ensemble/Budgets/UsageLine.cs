namespace Ensemble;

/// <summary>What was used by one group of a usage report.</summary>
public sealed class UsageLine
{
    /// <summary>Gets the model, day or tenant; empty when the report has one line for all.</summary>
    public required string Key { get; init; }

    /// <summary>Gets the settled calls.</summary>
    public long Calls { get; init; }

    /// <summary>Gets the tokens of the prompts.</summary>
    public long InputTokens { get; init; }

    /// <summary>Gets how many of the input tokens were read from providers' caches.</summary>
    public long CachedInputTokens { get; init; }

    /// <summary>Gets the tokens of the answers.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Gets the cost of the calls whose price is known, in US dollars.</summary>
    public decimal CostUsd { get; init; }

    /// <summary>Gets the calls whose price is unknown; what they cost is not in <see cref="CostUsd"/>.</summary>
    public long UnpricedCalls { get; init; }

    /// <summary>Gets the calls whose figures are not the provider's own report: counted here, or the reserve.</summary>
    public long EstimatedCalls { get; init; }
}
