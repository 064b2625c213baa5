using System.Globalization;
using System.Text;

namespace Ensemble.Cli;

/// <summary>What is known of a model at one place.</summary>
internal sealed record ModelSheet
{
    /// <summary>Gets the name of the model, or of its deployment.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the vendor's id.</summary>
    public required string Model { get; init; }

    /// <summary>Gets the provider whose list price is known; nothing for a model of one's own.</summary>
    public string? Provider { get; init; }

    /// <summary>Gets where inference runs; nothing for a model that is only known from the catalog.</summary>
    public string? Place { get; init; }

    /// <summary>Gets the tokens that prompt and answer may have together.</summary>
    public long? ContextWindow { get; init; }

    /// <summary>Gets the tokens that an answer may have.</summary>
    public long? MaxOutputTokens { get; init; }

    /// <summary>Gets what the model can do: <c>None</c> is text only, nothing that it is unknown.</summary>
    public ModelCapabilities? Capabilities { get; init; }

    /// <summary>Gets the table that says what the model can do, and the day.</summary>
    public string? CapabilitiesSource { get; init; }

    /// <summary>Gets how much it computes for a token.</summary>
    public EnergyClass EnergyClass { get; init; }

    /// <summary>Gets the price in words.</summary>
    public required string Price { get; init; }

    /// <summary>Gets every rate.</summary>
    public required Price Rates { get; init; }

    /// <summary>Gets the price of a second table, where it differs and no price of the user settles it.</summary>
    public string? Disputed { get; init; }

    /// <summary>Gets where the price comes from.</summary>
    public string? PriceSource { get; init; }

    /// <summary>Gets the day on which the price was read.</summary>
    public DateOnly? PriceAsOf { get; init; }

    /// <summary>Gets the share of answers that is right.</summary>
    public double? Quality { get; init; }

    /// <summary>Gets whether the vendor has withdrawn the model.</summary>
    public bool Retired { get; init; }

    /// <summary>Gets the day on which the vendor withdraws it, when announced.</summary>
    public DateOnly? RetiresOn { get; init; }

    /// <summary>Gets how a local model runs best on this device; nothing until it is measured.</summary>
    public MeasuredModel? Measured { get; init; }

    /// <summary>Finds a model of the configuration; nothing when it has none of that name.</summary>
    public static IReadOnlyList<ModelSheet>? FindConfigured(IEnsembleClients clients, string name, MeasuredModels? memory) =>
        clients.Models.FirstOrDefault(model => model.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } registered
            ? [.. clients.Explain(registered.Name, []).Candidates.Select(candidate =>
                Of(candidate.Card, candidate.Deployment.Name, CandidateOutput.PlaceOf(candidate.Deployment), candidate.Price, candidate.Quality) with
                {
                    Measured = registered.Provider == "local" && MeasuredModels.TryFolder(registered.Model) is { } folder ? memory?.Find(folder) : null,
                })]
            : null;

    /// <summary>Finds a well-known model, at every provider that offers it, or at the one of <c>provider/model</c>; empty when there is none.</summary>
    public static IReadOnlyList<ModelSheet> FindWellKnown(string name)
    {
        ModelCard[] cards = [.. ModelCatalog.Default.Cards.Where(card => name.Equals(card.Id, StringComparison.OrdinalIgnoreCase) || name.Equals($"{card.Provider}/{card.Id}", StringComparison.OrdinalIgnoreCase))];
        if (cards.Length == 0 && ModelCatalog.Default.Find(name) is { } undated)
        {
            cards = [undated];
        }

        return [.. cards.Select(card => Of(card, name, place: null, card.Price, quality: null))];
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{Name}: {(Place is null && Provider is not null ? $"{Provider}/" : "")}{Model}{(Place is null ? "" : $", {Place}")}{Withdrawal()}");
        text.AppendLine().Append(CultureInfo.InvariantCulture, $"  window {Known(ContextWindow)}, answers of up to {Known(MaxOutputTokens)} tokens; energy class {EnergyClass}");
        text.AppendLine().Append("  can ").Append(Capabilities switch { null => "unknown", ModelCapabilities.None => "text only", { } can => can.ToString() });
        text.Append(CapabilitiesSource is null ? "" : $" ({CapabilitiesSource})");
        text.AppendLine().Append(CultureInfo.InvariantCulture, $"  price {Price}; quality {(Quality is { } share ? share.ToString("0.###", CultureInfo.InvariantCulture) : "unknown")}");
        if (Disputed is not null)
        {
            text.AppendLine().Append("  disputed: another table says ").Append(Disputed);
        }

        if (Measured is not null)
        {
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"  on this device: {MeasureCommand.Describe(Measured)}");
        }

        return text.ToString();
    }

    private string Withdrawal() => Retired ? ", withdrawn" : RetiresOn is { } day ? string.Create(CultureInfo.InvariantCulture, $", withdrawn on {day:yyyy-MM-dd}") : "";

    private static string Known(long? tokens) => tokens?.ToString(CultureInfo.InvariantCulture) ?? "unknown";

    private static ModelSheet Of(ModelCard card, string name, string? place, Price price, double? quality) => new()
    {
        Name = name,
        Model = card.Id,
        Place = place,
        ContextWindow = card.ContextWindow,
        MaxOutputTokens = card.MaxOutputTokens,
        Provider = card.Provider,
        Capabilities = card.Capabilities,
        CapabilitiesSource = card.CapabilitiesSource,
        EnergyClass = card.EnergyClass,
        Price = PriceWords.Describe(price),
        Rates = price,
        Disputed = price.Source is "user" or "local" || card.DisputedPrice is not { } other ? null : PriceWords.Describe(other),
        PriceSource = price.Source,
        PriceAsOf = price.AsOf,
        Quality = quality,
        Retired = card.Retired,
        RetiresOn = card.RetiresOn,
    };
}
