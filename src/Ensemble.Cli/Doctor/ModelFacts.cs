namespace Ensemble.Cli;

/// <summary>What a model is, whether it can be asked, and if not the fix.</summary>
internal sealed record ModelFacts
{
    /// <summary>Gets the model's name in the configuration.</summary>
    public required string Name { get; init; }

    /// <summary>Gets who makes its client.</summary>
    public required string Provider { get; init; }

    /// <summary>Gets the provider's id of the model.</summary>
    public string? Model { get; init; }

    /// <summary>Gets why the model cannot be asked, with the fix; <see langword="null"/> when it can.</summary>
    public string? Problem { get; init; }

    /// <summary>Gets the folder of a local model.</summary>
    public string? Folder { get; init; }

    /// <summary>Gets the family of a local model.</summary>
    public string? Architecture { get; init; }

    /// <summary>Gets the window in tokens that prompt and answer share.</summary>
    public int? ContextWindow { get; init; }

    /// <summary>Gets what the runtime can do with a local model, found by trying.</summary>
    public string? Capabilities { get; init; }

    /// <summary>Gets the execution provider that a local model runs on.</summary>
    public string? ExecutionProvider { get; init; }

    /// <summary>Gets the files of a local model.</summary>
    public IReadOnlyList<FileFacts>? Files { get; init; }
}
