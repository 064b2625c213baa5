using Microsoft.Extensions.Configuration;

namespace Ensemble;

/// <summary>Whether a provider could be used as things stand, and what is missing; it never shows a key.</summary>
public sealed class ProviderReadiness
{
    private ProviderReadiness(ProviderPreset preset, IReadOnlyList<string> missing)
    {
        Preset = preset;
        Missing = missing;
    }

    /// <summary>Gets the provider.</summary>
    public ProviderPreset Preset { get; }

    /// <summary>Gets whether nothing is missing. A server of one's own counts as ready without being asked whether it runs.</summary>
    public bool IsReady => Missing.Count == 0;

    /// <summary>Gets the names of the environment variables and settings that are missing; empty when the provider is ready.</summary>
    public IReadOnlyList<string> Missing { get; }

    /// <summary>Looks at every provider of the table.</summary>
    /// <param name="configuration">Where keys are looked for beside the environment; <see langword="null"/> for the environment alone.</param>
    /// <returns>One entry a provider, in the order of the table.</returns>
    public static IReadOnlyList<ProviderReadiness> Survey(IConfiguration? configuration = null) =>
        [.. ProviderPresets.All.Select(preset => Of(preset, configuration))];

    /// <summary>Looks at one provider.</summary>
    /// <param name="preset">The provider.</param>
    /// <param name="configuration">Where keys are looked for beside the environment; <see langword="null"/> for the environment alone.</param>
    /// <returns>What is there and what is not.</returns>
    public static ProviderReadiness Of(ProviderPreset preset, IConfiguration? configuration = null)
    {
        ArgumentNullException.ThrowIfNull(preset);
        List<string> missing = [];
        if (preset.KeyVariable is { } variable && !preset.KeyOptional && KeySource.FindVariable(variable, configuration) is null)
        {
            missing.Add(variable);
        }

        missing.AddRange(EndpointPattern.Settings(preset).Select(setting => $"setting {setting}"));
        return new(preset, missing);
    }

    /// <inheritdoc/>
    public override string ToString() => IsReady ? $"{Preset.Name}: ready" : $"{Preset.Name}: missing {string.Join(", ", Missing)}";
}
