namespace Ensemble.Cli;

/// <summary>What a command line of <c>classify</c> says.</summary>
internal sealed record ClassifyRequest
{
    /// <summary>Gets the file of labelled examples, or of a saved fit.</summary>
    public required string ExamplesFile { get; init; }

    /// <summary>Gets the file of texts; <c>-</c> is standard input.</summary>
    public required string InputFile { get; init; }

    /// <summary>Gets the word before a text in the prompt.</summary>
    public required string TextWord { get; init; }

    /// <summary>Gets the word before a label in the prompt.</summary>
    public required string LabelWord { get; init; }

    /// <summary>Gets whether bagged voters of the language model take part.</summary>
    public bool UsesBags { get; init; }

    /// <summary>Gets whether the embedding member takes part.</summary>
    public bool UsesEmbedding { get; init; }

    /// <summary>Gets how many voters there are.</summary>
    public int Bags { get; init; }

    /// <summary>Gets the seed of the bags.</summary>
    public int Seed { get; init; }

    /// <summary>Gets where the fit is saved.</summary>
    public string? SaveFile { get; init; }

    /// <summary>Gets the chosen model.</summary>
    public string? Model { get; init; }

    /// <summary>Gets the configuration file.</summary>
    public string? ConfigurationFile { get; init; }

    /// <summary>Gets whether JSON is written.</summary>
    public bool Json { get; init; }
}
