using Ensemble.Tokenization;

namespace Ensemble.Cli;

/// <summary>What a command line of <c>count</c> says.</summary>
internal sealed record CountRequest
{
    /// <summary>Gets the files; <c>-</c> is standard input.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Gets the encoding.</summary>
    public required TokenEncoding Encoding { get; init; }

    /// <summary>Gets whether the ids are wanted too.</summary>
    public bool Ids { get; init; }

    /// <summary>Gets whether each line is counted for itself.</summary>
    public bool Lines { get; init; }

    /// <summary>Gets the field of each line's JSON object that is counted.</summary>
    public string? JsonField { get; init; }

    /// <summary>Gets the most tokens that all files together may have.</summary>
    public long? Limit { get; init; }

    /// <summary>Gets whether the time is wanted.</summary>
    public bool Time { get; init; }

    /// <summary>Gets whether JSON is written.</summary>
    public bool Json { get; init; }
}
