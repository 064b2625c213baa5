using Microsoft.Extensions.AI;

namespace Ensemble.Onnx;

/// <summary>How an answer ended, beside its text.</summary>
internal sealed class Answer
{
    internal required ChatFinishReason FinishReason { get; init; }

    internal required UsageDetails Usage { get; init; }

    internal IReadOnlyList<TokenLogProbability>? LogProbabilities { get; init; }

    /// <summary>The scores that decided between choices.</summary>
    internal ContinuationScores? Scores { get; init; }

    internal static UsageDetails MakeUsage(int input, int cached, int output) => new()
    {
        InputTokenCount = input,
        CachedInputTokenCount = cached,
        OutputTokenCount = output,
        TotalTokenCount = input + output,
    };
}
