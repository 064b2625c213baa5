using System.Text.Json.Serialization;

namespace Ensemble;

/// <summary>The shape of <c>presets.json</c>.</summary>
internal sealed class PresetTable
{
    public required DateOnly Date { get; init; }

    public required string Checked { get; init; }

    public required IReadOnlyList<ProviderPreset> Presets { get; init; }
}

/// <summary>Reads <c>presets.json</c> without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(PresetTable))]
internal sealed partial class PresetJson : JsonSerializerContext;
