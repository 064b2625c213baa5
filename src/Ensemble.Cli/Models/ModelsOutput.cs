namespace Ensemble.Cli;

/// <summary>Everything that can be asked.</summary>
internal sealed record ModelsOutput
{
    /// <summary>Gets the name that is asked when none is given.</summary>
    public string? Default { get; init; }

    /// <summary>Gets the models, then the compositions, each in the order of registration, which for a configuration is that of the names.</summary>
    public required IReadOnlyList<ModelEntry> Models { get; init; }

    /// <summary>Gets the hosted providers that could be asked as <c>provider/model</c>, and what the others miss.</summary>
    public required IReadOnlyList<ProviderEntry> Providers { get; init; }

    /// <summary>Lists what is registered.</summary>
    public static ModelsOutput Create(IEnsembleClients clients) => new()
    {
        Default = clients.DefaultName,
        Models =
        [
            .. clients.Models.Select(ModelEntry.Of),
            .. clients.Compositions.Select(ModelEntry.Of),
        ],
        Providers = [.. ProviderReadiness.Survey().Select(ProviderEntry.Of)],
    };
}
