namespace Ensemble.Onnx;

/// <summary>One answer to generate, with every option checked.</summary>
internal sealed class GenerationRequest
{
    internal required PromptMessage[] Messages { get; init; }

    internal required LocalTemplate Template { get; init; }

    internal required int MaxOutputTokens { get; init; }

    internal required SamplingOptions Sampling { get; init; }

    internal IReadOnlyList<string> StopSequences { get; init; } = [];

    /// <summary>The number of alternatives a token to report; <see langword="null"/> when no log-probability was asked for.</summary>
    internal int? TopLogProbabilities { get; init; }

    internal string? Tenant { get; init; }

    /// <summary>The file of the adapter that answers.</summary>
    internal string? Adapter { get; init; }

    internal AnswerFormat Format { get; init; } = AnswerFormat.Text;
}
