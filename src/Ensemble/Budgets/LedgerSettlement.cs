namespace Ensemble;

/// <summary>What a call has cost in the end.</summary>
public sealed class LedgerSettlement
{
    /// <summary>Gets the id of the reservation.</summary>
    public required Guid Id { get; init; }

    /// <summary>Gets the cost in nano-dollars; <see langword="null"/> when the price is unknown, which is counted as unknown and never as zero.</summary>
    public long? NanoUsd { get; init; }

    /// <summary>Gets the tokens of the prompt.</summary>
    public long InputTokens { get; init; }

    /// <summary>Gets how many of the input tokens were read from the provider's cache.</summary>
    public long CachedInputTokens { get; init; }

    /// <summary>Gets the tokens of the answer.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Gets where the figures come from.</summary>
    public UsageSource Source { get; init; }

    /// <summary>Gets the time of the settlement.</summary>
    public required DateTimeOffset At { get; init; }
}
