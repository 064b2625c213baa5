namespace Ensemble.Cli;

/// <summary>One hosted provider, as far as the environment tells; no key is ever shown.</summary>
internal sealed record ProviderEntry
{
    /// <summary>Gets the name that stands before the slash in <c>provider/model</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Gets whether nothing is missing.</summary>
    public bool Ready => Missing.Count == 0;

    /// <summary>Gets the environment variables and settings that are missing.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>Describes a provider.</summary>
    public static ProviderEntry Of(ProviderReadiness readiness) => new() { Name = readiness.Preset.Name, Missing = readiness.Missing };
}
