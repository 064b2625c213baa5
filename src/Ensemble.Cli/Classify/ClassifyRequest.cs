namespace Ensemble.Cli;

/// <summary>What a command line of <c>classify</c> says.</summary>
internal sealed record ClassifyRequest
{
    /// <summary>Gets the file of labelled examples, of bagging data, or of a saved fit.</summary>
    public required string ExamplesFile { get; init; }

    /// <summary>Gets the file of texts; <c>-</c> is standard input, and <see langword="null"/> the texts that come with the examples, else standard input.</summary>
    public string? InputFile { get; init; }

    /// <summary>Gets the word before a text in the prompt, where the command line names it.</summary>
    public string? TextWord { get; init; }

    /// <summary>Gets the word before a label in the prompt, where the command line names it.</summary>
    public string? LabelWord { get; init; }

    /// <summary>Gets who takes part, where the command line says it.</summary>
    public ClassifyMembers? Members { get; init; }

    /// <summary>Gets how many voters there are, where the command line says it.</summary>
    public int? Bags { get; init; }

    /// <summary>Gets the seed of the bags, where the command line says it.</summary>
    public int? Seed { get; init; }

    /// <summary>Gets where the fit is saved.</summary>
    public string? SaveFile { get; init; }

    /// <summary>Gets the chosen model.</summary>
    public string? Model { get; init; }

    /// <summary>Gets the configuration file.</summary>
    public string? ConfigurationFile { get; init; }

    /// <summary>Gets whether JSON is written.</summary>
    public bool Json { get; init; }
}
