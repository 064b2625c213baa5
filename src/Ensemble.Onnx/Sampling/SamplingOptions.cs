namespace Ensemble.Onnx;

/// <summary>How the next token is chosen; checked by <see cref="ChatOptionsReader"/>.</summary>
internal readonly struct SamplingOptions
{
    /// <summary>0 chooses the most probable token.</summary>
    internal float Temperature { get; init; }

    /// <summary>How many of the most probable tokens stay; 0 keeps all.</summary>
    internal int TopK { get; init; }

    /// <summary>The share of the probability that stays, from the most probable token on; 0 and 1 keep all.</summary>
    internal float TopP { get; init; }

    /// <summary>The share of the most probable token's probability that a token needs; 0 keeps all.</summary>
    internal float MinP { get; init; }

    internal float FrequencyPenalty { get; init; }

    internal float PresencePenalty { get; init; }

    internal Dictionary<int, float>? LogitBias { get; init; }

    internal long Seed { get; init; }

    internal bool HasPenalty => FrequencyPenalty != 0 || PresencePenalty != 0;
}
