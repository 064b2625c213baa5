namespace Ensemble.Cli;

/// <summary>What a command line of <c>compare</c> says.</summary>
internal sealed record CompareRequest
{
    /// <summary>Gets the question.</summary>
    public required string Question { get; init; }

    /// <summary>Gets the models or compositions, in the order in which they are shown.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>Gets the system prompt.</summary>
    public string? System { get; init; }

    /// <summary>Gets the configuration file.</summary>
    public string? ConfigurationFile { get; init; }

    /// <summary>Gets the limit of an answer in tokens.</summary>
    public int MaxTokens { get; init; }

    /// <summary>Gets the temperature.</summary>
    public float Temperature { get; init; }

    /// <summary>Gets the seed.</summary>
    public long? Seed { get; init; }

    /// <summary>Gets whether each model waits for the one before it, so that times can be compared.</summary>
    public bool InTurn { get; init; }

    /// <summary>Gets whether JSON is written.</summary>
    public bool Json { get; init; }
}
