using System.Text.RegularExpressions;

namespace Ensemble;

/// <summary>Fills the braces of a preset's address with settings.</summary>
internal static partial class EndpointPattern
{
    public const string EndpointSetting = "Endpoint";

    /// <summary>The settings that the address needs; the whole address when the preset has no pattern.</summary>
    public static IReadOnlyList<string> Settings(ProviderPreset preset) => preset.Endpoint.Length == 0
        ? [EndpointSetting]
        : [.. Braces().Matches(preset.Endpoint).Select(match => match.Groups[1].Value).Distinct()];

    /// <exception cref="EnsembleException">A setting is missing, or the address is none.</exception>
    public static Uri Resolve(ProviderPreset preset, ModelRegistration model)
    {
        string? own = Setting(model, EndpointSetting);
        string address = own ?? (preset.Endpoint.Length == 0 ? throw Missing(preset, model, EndpointSetting) : Braces().Replace(
            preset.Endpoint, match => Setting(model, match.Groups[1].Value) ?? throw Missing(preset, model, match.Groups[1].Value)));
        return Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new EnsembleException($"{model.Path}: '{address}' is no address; write one that starts with https:// or http://.");
    }

    private static string? Setting(ModelRegistration model, string name)
    {
        foreach ((string key, string value) in model.Settings)
        {
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase) && value.Length > 0)
            {
                return value;
            }
        }

        return null;
    }

    private static EnsembleException Missing(ProviderPreset preset, ModelRegistration model, string setting) =>
        new($"{model.Path}: provider '{preset.Name}' needs the setting {setting}{(setting == EndpointSetting ? "" : $" for its address {preset.Endpoint}, or the whole address as {EndpointSetting}")}.");

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Braces();
}
