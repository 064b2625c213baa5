namespace Ensemble.Cli;

/// <summary>The list price of one well-known model.</summary>
internal sealed record PriceLine
{
    /// <summary>Gets who offers the model.</summary>
    public string? Provider { get; init; }

    /// <summary>Gets the vendor's id.</summary>
    public required string Id { get; init; }

    /// <summary>Gets US dollars for a million input tokens.</summary>
    public decimal? InputPerMillion { get; init; }

    /// <summary>Gets US dollars for a million output tokens.</summary>
    public decimal? OutputPerMillion { get; init; }

    /// <summary>Gets every rate: cached, written, reasoning, images, batch, tiers and the uplift of a region, where they are known.</summary>
    public required Price Rates { get; init; }

    /// <summary>Gets the table that the price was read from.</summary>
    public string? Source { get; init; }

    /// <summary>Gets the day on which it was read.</summary>
    public DateOnly? AsOf { get; init; }

    /// <summary>Gets the price of a second table, where it differs.</summary>
    public string? Disputed { get; init; }

    /// <summary>Gets whether the vendor has withdrawn the model.</summary>
    public bool Retired { get; init; }

    /// <summary>Writes down what a card says.</summary>
    public static PriceLine Of(ModelCard card) => new()
    {
        Provider = card.Provider,
        Id = card.Id,
        InputPerMillion = card.Price.InputPerMillion,
        OutputPerMillion = card.Price.OutputPerMillion,
        Rates = card.Price,
        Source = card.Price.Source,
        AsOf = card.Price.AsOf,
        Disputed = card.DisputedPrice is { } other ? PriceWords.Describe(other) : null,
        Retired = card.Retired,
    };

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Provider}/{Id}: {PriceWords.Describe(Rates)}{(Disputed is null ? "" : $"; disputed: another table says {Disputed}")}{(Retired ? "; withdrawn" : "")}";
}
