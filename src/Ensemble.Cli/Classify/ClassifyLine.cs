using System.Text.Json.Serialization;

namespace Ensemble.Cli;

/// <summary>What <c>classify</c> says about one text.</summary>
internal sealed record ClassifyLine
{
    /// <summary>Gets the text.</summary>
    public required string Text { get; init; }

    /// <summary>Gets the answer.</summary>
    public required string Label { get; init; }

    /// <summary>Gets the probability of the answer.</summary>
    public required double Confidence { get; init; }

    /// <summary>Gets the share of the voters asked that say it.</summary>
    public required double Agreement { get; init; }

    /// <summary>Gets whether the answer is less sure than the threshold.</summary>
    public required bool Defers { get; init; }

    /// <summary>Gets the right label, where the input has it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Expected { get; init; }
}
