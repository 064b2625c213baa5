namespace Ensemble.Cli;

/// <summary>What the configuration is and what is wrong with it.</summary>
internal sealed record ConfigurationFacts
{
    /// <summary>Gets the file, or <c>built in</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Gets the name that is asked when none is given.</summary>
    public string? Default { get; init; }

    /// <summary>Gets every error, each with the setting and the fix.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];
}
