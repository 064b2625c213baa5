using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Ensemble;

/// <summary>
/// The table of known providers: one dated file of data with the source of each fact. None of them could be checked against a live
/// service where it was written.
/// </summary>
public static class ProviderPresets
{
    private static readonly PresetTable Table = Load();

    private static readonly Dictionary<string, ProviderPreset> ByName = Table.Presets.ToDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets the day on which the table was written.</summary>
    public static DateOnly Date => Table.Date;

    /// <summary>Gets what was checked and what was not, in one sentence.</summary>
    public static string Checked => Table.Checked;

    /// <summary>Gets the providers in the order of the table.</summary>
    public static IReadOnlyList<ProviderPreset> All => Table.Presets;

    /// <summary>Finds a provider by its name, without regard to case.</summary>
    /// <param name="name">The name, for instance <c>openai</c>.</param>
    /// <param name="preset">The provider, when it is known.</param>
    /// <returns>Whether the table has it.</returns>
    public static bool TryFind(string name, [NotNullWhen(true)] out ProviderPreset? preset)
    {
        ArgumentNullException.ThrowIfNull(name);
        return ByName.TryGetValue(name, out preset);
    }

    /// <summary>Reads <c>provider/model</c>, as it is written on a command line: <c>openai/gpt-5-mini</c>. The model may hold slashes itself.</summary>
    /// <param name="text">The text.</param>
    /// <param name="preset">The provider, when the text names one.</param>
    /// <param name="model">The provider's id of the model, when the text names one.</param>
    /// <returns>Whether the text is a known provider, a slash and a model.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out ProviderPreset? preset, [NotNullWhen(true)] out string? model)
    {
        ArgumentNullException.ThrowIfNull(text);
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0 && slash < text.Length - 1 && ByName.TryGetValue(text[..slash], out preset))
        {
            model = text[(slash + 1)..];
            return true;
        }

        (preset, model) = (null, null);
        return false;
    }

    private static PresetTable Load()
    {
        using Stream stream = typeof(ProviderPresets).Assembly.GetManifestResourceStream("Ensemble.Providers.presets.json")!;
        return JsonSerializer.Deserialize(stream, PresetJson.Default.PresetTable)!;
    }
}
