namespace Ensemble.Cli;

/// <summary>What a command line of <c>ask</c> says.</summary>
internal sealed record AskRequest
{
    /// <summary>Gets the question.</summary>
    public required string Question { get; init; }

    /// <summary>Gets the system prompt.</summary>
    public string? System { get; init; }

    /// <summary>Gets the chosen model or composition.</summary>
    public string? Model { get; init; }

    /// <summary>Gets the configuration file.</summary>
    public string? ConfigurationFile { get; init; }

    /// <summary>Gets the limit of the answer in tokens.</summary>
    public int MaxTokens { get; init; }

    /// <summary>Gets the temperature; <see langword="null"/> is 0 for one answer and <see cref="AskCommand.PanelTemperature"/> for a panel.</summary>
    public float? Temperature { get; init; }

    /// <summary>Gets the seed.</summary>
    public long? Seed { get; init; }

    /// <summary>Gets the file of the JSON schema that the answer must fit.</summary>
    public string? SchemaFile { get; init; }

    /// <summary>Gets how many voters are asked; <see langword="null"/> asks once.</summary>
    public int? Panel { get; init; }

    /// <summary>Gets what the voters choose from.</summary>
    public IReadOnlyList<string>? Choices { get; init; }

    /// <summary>Gets whether JSON is written.</summary>
    public bool Json { get; init; }

    /// <summary>Gets whether the receipt is written after the answer.</summary>
    public bool Receipt { get; init; }
}
