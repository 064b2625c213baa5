namespace Ensemble;

/// <summary>Everything that code and configuration registered; the validator decides whether it makes sense.</summary>
internal sealed class EnsembleOptions
{
    public string? Default { get; set; }

    /// <summary>Gets or sets where the default was named, for error messages.</summary>
    public string DefaultPath { get; set; } = "SetDefault(…)";

    public List<ModelRegistration> Models { get; } = [];

    /// <summary>Gets the embedding models of the configuration.</summary>
    public List<ModelRegistration> Embeddings { get; } = [];

    public List<CompositionRegistration> Compositions { get; } = [];

    /// <summary>Gets the names and paths of compositions that could not be read; their errors are told, and that others name them is none.</summary>
    public List<(string Name, string Path)> UnreadCompositions { get; } = [];

    /// <summary>Gets clients that code made itself, by model name.</summary>
    public Dictionary<string, Func<IServiceProvider, Microsoft.Extensions.AI.IChatClient>> OwnClients { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets what the binder could not read; the validator reports it together with everything else.</summary>
    public List<string> BindingErrors { get; } = [];
}
