using System.Collections.Frozen;
using System.Text.Json;

namespace Ensemble;

/// <summary>
/// The cards of models, found by provider and id. Immutable: a change makes a new catalog, and readers keep the one they have.
/// Thread-safe.
/// </summary>
public sealed class ModelCatalog
{
    private const string ResourceName = "Ensemble.Catalog.models.json";

    // Providers that are a vendor's own services under another name than the vendor's: with its prices, as far as one of the tables lists both (17 of 17
    // Gemini models), and with what they may put before the vendor's id.
    private static readonly FrozenDictionary<string, (string Vendor, string Prefix)> Vendors =
        new Dictionary<string, (string Vendor, string Prefix)> { ["GEMINI"] = ("GOOGLE", "MODELS/"), ["VERTEXAI"] = ("GOOGLE", "GOOGLE/") }.ToFrozenDictionary();

    private static readonly Lazy<ModelCatalog> Shipped = new(LoadShipped);

    private readonly FrozenDictionary<(string Provider, string Id), ModelCard> _byKey;
    private readonly FrozenDictionary<string, ModelCard> _byId;

    /// <summary>Creates a catalog from cards; of two with the same provider and id the later one counts.</summary>
    /// <param name="cards">The cards.</param>
    /// <exception cref="ArgumentNullException"><paramref name="cards"/> is <see langword="null"/>.</exception>
    public ModelCatalog(IEnumerable<ModelCard> cards)
    {
        ArgumentNullException.ThrowIfNull(cards);
        Dictionary<(string, string), ModelCard> byKey = [];
        Dictionary<string, ModelCard> byId = [];
        foreach (ModelCard card in cards)
        {
            byKey[(Fold(card.Provider ?? string.Empty), Fold(card.Id))] = card;
        }

        foreach (ModelCard card in byKey.Values)
        {
            byId.TryAdd(Fold(card.Id), card);
        }

        _byKey = byKey.ToFrozenDictionary();
        _byId = byId.ToFrozenDictionary();
        Cards = [.. byKey.Values];
    }

    /// <summary>Gets the dated catalog of well-known hosted models that ships with the package; it is read when first asked for.</summary>
    public static ModelCatalog Default => Shipped.Value;

    /// <summary>Gets all cards.</summary>
    public IReadOnlyList<ModelCard> Cards { get; }

    /// <summary>Reads a catalog from JSON in the form of the shipped one.</summary>
    /// <param name="json">UTF-8 text.</param>
    /// <returns>The catalog.</returns>
    /// <exception cref="EnsembleException">The text is not a catalog; the message says where.</exception>
    public static ModelCatalog Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            CatalogFile file = JsonSerializer.Deserialize(json, CatalogJson.Default.CatalogFile) ?? new CatalogFile();
            return new ModelCatalog(file.Models.Select(row => ToCard(row, file.Languages)));
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            throw new EnsembleException($"The model catalog cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Finds the card of a model.</summary>
    /// <param name="id">
    /// The vendor's id; a trailing date such as <c>-2025-08-07</c> or <c>-20250929</c> is dropped when the dated id is not listed. An id of OpenRouter or Amazon
    /// Bedrock, such as <c>anthropic/claude-sonnet-4.5</c>, that is not listed is known as the vendor's model, without a price.
    /// </param>
    /// <param name="provider">The provider; <see langword="null"/> means any. <c>gemini</c> and <c>vertexai</c> are Google's own, and have the prices of <c>google</c>.</param>
    /// <returns>
    /// The card, or <see langword="null"/> when the model is not known. When the model is known only at another provider its card comes
    /// without a price, because the same model costs differently elsewhere.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="id"/> is <see langword="null"/>.</exception>
    public ModelCard? Find(string id, string? provider = null)
    {
        ArgumentNullException.ThrowIfNull(id);
        string folded = Fold(id);
        return FindDated(folded, provider)
            ?? (GatewayIds.Read(folded) is { } gateway && FindDated(gateway.Id, gateway.Vendor) is { } card && Fold(card.Provider ?? gateway.Vendor) == gateway.Vendor ? card.WithPrice(Price.Unknown) : null);
    }

    /// <summary>Returns a catalog in which the given cards replace or join those of this one.</summary>
    /// <param name="cards">The cards of the user; they count before ours.</param>
    /// <returns>The new catalog.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="cards"/> is <see langword="null"/>.</exception>
    public ModelCatalog With(IEnumerable<ModelCard> cards)
    {
        ArgumentNullException.ThrowIfNull(cards);
        return new ModelCatalog(Cards.Concat(cards));
    }

    private static ModelCatalog LoadShipped()
    {
        using Stream stream = typeof(ModelCatalog).Assembly.GetManifestResourceStream(ResourceName)
            ?? throw new EnsembleException($"The resource {ResourceName} is missing from the assembly; the package is damaged.");
        byte[] json = new byte[stream.Length];
        stream.ReadExactly(json);
        return Parse(json);
    }

    private static ModelCard ToCard(CatalogRow row, Dictionary<string, string[]> languages) => new()
    {
        Id = row.Id,
        Provider = row.Provider,
        ContextWindow = row.Window,
        MaxInputTokens = row.Input,
        MaxOutputTokens = row.Output,
        CapabilitiesSource = row.CanSource,
        Capabilities = row.Can?.Aggregate(ModelCapabilities.None, (all, one) => all | Enum.Parse<ModelCapabilities>(one, ignoreCase: true)),
        Specialities = row.For ?? [],
        Languages = row.Languages is null
            ? []
            : languages.TryGetValue(row.Languages, out string[]? list)
                ? list
                : throw new ArgumentException($"Model '{row.Id}' refers to the languages '{row.Languages}', which the file does not list under \"languages\"."),
        Encoding = row.Encoding,
        EnergyClass = row.Energy ?? EnergyClass.Unknown,
        ActiveParameters = row.Active,
        TotalParameters = row.Total,
        Price = row.Price?.ToPrice() ?? Price.Unknown,
        DisputedPrice = row.Disputed?.ToPrice(),
        Retired = row.Retired ?? false,
        RetiresOn = row.RetiresOn,
    };

    private static string Fold(string text) => text.ToUpperInvariant();

    private static string? WithoutDate(string id)
    {
        int date = EndsInDate(id, "-dddd-dd-dd") ? 11 : EndsInDate(id, "-dddddddd") ? 9 : 0;
        return date == 0 ? null : id[..^date];
    }

    private static bool EndsInDate(ReadOnlySpan<char> text, string pattern)
    {
        if (text.Length < pattern.Length)
        {
            return false;
        }

        ReadOnlySpan<char> end = text[^pattern.Length..];
        for (int i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == 'd' ? !char.IsAsciiDigit(end[i]) : end[i] != pattern[i])
            {
                return false;
            }
        }

        return true;
    }

    private ModelCard? FindDated(string id, string? provider) =>
        FindExact(id, provider) ?? (WithoutDate(id) is { } undated ? FindExact(undated, provider) : null);

    private ModelCard? FindExact(string id, string? provider)
    {
        // A card of the user's own names no provider and holds at all of them, before ours.
        if (_byKey.TryGetValue((string.Empty, id), out ModelCard? card)
            || (provider is not null && _byKey.TryGetValue((Fold(provider), id), out card)))
        {
            return card;
        }

        if (provider is not null && Vendors.TryGetValue(Fold(provider), out (string Name, string Prefix) vendor))
        {
            id = id.StartsWith(vendor.Prefix, StringComparison.Ordinal) ? id[vendor.Prefix.Length..] : id;
            if (_byKey.TryGetValue((vendor.Name, id), out card))
            {
                return card;
            }
        }

        return _byId.TryGetValue(id, out card) ? (provider is null ? card : card.WithPrice(Price.Unknown)) : null;
    }
}
