namespace Ensemble.Cli;

/// <summary>What a command line of <c>score</c> says.</summary>
internal sealed record ScoreRequest
{
    /// <summary>Gets the text before the choices.</summary>
    public required string Prompt { get; init; }

    /// <summary>Gets the choices.</summary>
    public required IReadOnlyList<string> Choices { get; init; }

    /// <summary>Gets whether the prompt goes through the chat template.</summary>
    public bool Chat { get; init; }

    /// <summary>Gets the chosen model.</summary>
    public string? Model { get; init; }

    /// <summary>Gets the configuration file.</summary>
    public string? ConfigurationFile { get; init; }

    /// <summary>Gets whether JSON is written.</summary>
    public bool Json { get; init; }
}
