using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>What a provider said about an answer beside the answer; read it with <see cref="ProviderInfoExtensions.GetProviderInfo(ChatResponse)"/>.</summary>
public sealed class ProviderInfo
{
    internal const string ProviderKey = "ensemble.provider";
    private const string ModelKey = "ensemble.provider.model";
    private const string RequestIdKey = "ensemble.provider.request_id";
    private const string RateLimitPrefix = "ensemble.provider.rate_limit.";

    private ProviderInfo()
    {
    }

    /// <summary>Gets the provider's name, as in <see cref="ProviderPresets"/>.</summary>
    public required string Provider { get; init; }

    /// <summary>Gets the model that really answered, as the provider named it.</summary>
    public string? Model { get; init; }

    /// <summary>Gets the provider's id of the request, for its support; <see langword="null"/> when it gave none.</summary>
    public string? RequestId { get; init; }

    /// <summary>Gets the rate-limit headers by name, in lower case; empty when there were none.</summary>
    public IReadOnlyDictionary<string, string> RateLimits { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets what was dropped or changed on the way, for instance an option that the provider cannot honour.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Writes plain strings only, so that any response cache can keep them.</summary>
    internal static AdditionalPropertiesDictionary Write(AdditionalPropertiesDictionary? old, AttemptRecord record, string? model, IReadOnlyList<string> notes)
    {
        AdditionalPropertiesDictionary properties = old ?? [];
        properties[ProviderKey] = record.Model.Preset.Name;
        properties[ModelKey] = model;
        if (record.RequestId is { } id)
        {
            properties[RequestIdKey] = id;
        }

        foreach ((string name, string value) in record.RateLimits)
        {
            properties[RateLimitPrefix + name.ToLowerInvariant()] = value;
        }

        if (notes.Count > 0)
        {
            properties[LeafNotes.Key] = string.Join('\n', notes);
        }

        return properties;
    }

    internal static ProviderInfo? Read(AdditionalPropertiesDictionary? properties) =>
        Text(properties, ProviderKey) is not { } provider ? null : new ProviderInfo
        {
            Provider = provider,
            Model = Text(properties, ModelKey),
            RequestId = Text(properties, RequestIdKey),
            RateLimits = properties!
                .Where(p => p.Key.StartsWith(RateLimitPrefix, StringComparison.Ordinal))
                .ToDictionary(p => p.Key[RateLimitPrefix.Length..], p => p.Value?.ToString() ?? "", StringComparer.OrdinalIgnoreCase),
            Notes = Text(properties, LeafNotes.Key) is { } notes ? notes.Split('\n') : [],
        };

    // A response cache gives strings back as JSON.
    private static string? Text(AdditionalPropertiesDictionary? properties, string key) =>
        properties is not null && properties.TryGetValue(key, out object? value) ? value?.ToString() : null;
}
