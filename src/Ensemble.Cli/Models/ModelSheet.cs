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

    /// <summary>Gets where inference runs; nothing for a model that is only known from the catalog.</summary>
    public string? Place { get; init; }

    /// <summary>Gets the tokens that prompt and answer may have together.</summary>
    public long? ContextWindow { get; init; }

    /// <summary>Gets the tokens that an answer may have.</summary>
    public long? MaxOutputTokens { get; init; }

    /// <summary>Gets what the model can do: <c>None</c> is text only, nothing that it is unknown.</summary>
    public ModelCapabilities? Capabilities { get; init; }

    /// <summary>Gets how much it computes for a token.</summary>
    public EnergyClass EnergyClass { get; init; }

    /// <summary>Gets the price in words.</summary>
    public required string Price { get; init; }

    /// <summary>Gets where the price comes from.</summary>
    public string? PriceSource { get; init; }

    /// <summary>Gets the day on which the price was read.</summary>
    public DateOnly? PriceAsOf { get; init; }

    /// <summary>Gets the share of answers that is right.</summary>
    public double? Quality { get; init; }

    /// <summary>Gets whether the vendor has withdrawn the model.</summary>
    public bool Retired { get; init; }

    /// <summary>Gets how a local model runs best on this device; nothing until it is measured.</summary>
    public MeasuredModel? Measured { get; init; }

    /// <summary>Finds a model of the configuration, or else a well-known one.</summary>
    /// <exception cref="CliException">There is neither.</exception>
    public static IEnumerable<ModelSheet> Find(IEnsembleClients clients, string name, MeasuredModels? memory)
    {
        if (clients.Models.FirstOrDefault(model => model.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } registered)
        {
            return clients.Explain(registered.Name, []).Candidates.Select(candidate =>
                Of(candidate.Card, candidate.Deployment.Name, CandidateOutput.PlaceOf(candidate.Deployment), candidate.Price, candidate.Quality) with
                {
                    Measured = registered.Provider == "local" && MeasuredModels.TryFolder(registered.Model) is { } folder ? memory?.Find(folder) : null,
                });
        }

        return ModelCatalog.Default.Find(name) is { } card
            ? [Of(card, name, place: null, card.Price, quality: null)]
            : throw new CliException($"There is no model '{name}': neither in the configuration ({string.Join(", ", clients.Models.Select(model => model.Name))}) nor among the well-known ones (ensemble models prices).");
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{Name}: {Model}{(Place is null ? "" : $", {Place}")}{(Retired ? ", withdrawn" : "")}");
        text.AppendLine().Append(CultureInfo.InvariantCulture, $"  window {Known(ContextWindow)}, answers of up to {Known(MaxOutputTokens)} tokens; can {Capabilities?.ToString() ?? "unknown"}; energy class {EnergyClass}");
        text.AppendLine().Append(CultureInfo.InvariantCulture, $"  price {Price}{(PriceSource is null ? "" : $" ({PriceSource}{(PriceAsOf is { } day ? $", {day:yyyy-MM-dd}" : "")})")}; quality {(Quality is { } share ? share.ToString("0.###", CultureInfo.InvariantCulture) : "unknown")}");
        if (Measured is not null)
        {
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"  on this device: {MeasureCommand.Describe(Measured)}");
        }

        return text.ToString();
    }

    private static string Known(long? tokens) => tokens?.ToString(CultureInfo.InvariantCulture) ?? "unknown";

    private static ModelSheet Of(ModelCard card, string name, string? place, Price price, double? quality) => new()
    {
        Name = name,
        Model = card.Id,
        Place = place,
        ContextWindow = card.ContextWindow,
        MaxOutputTokens = card.MaxOutputTokens,
        Capabilities = card.Capabilities,
        EnergyClass = card.EnergyClass,
        Price = price.ToString(),
        PriceSource = price.Source,
        PriceAsOf = price.AsOf,
        Quality = quality,
        Retired = card.Retired,
    };
}
