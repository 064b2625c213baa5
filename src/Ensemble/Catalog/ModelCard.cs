namespace Ensemble;

/// <summary>What a model is, wherever it runs. Immutable and safe to share.</summary>
public sealed class ModelCard
{
    /// <summary>Gets the vendor's own id of the model, for instance <c>gpt-5-mini</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Gets the provider at which <see cref="Price"/> holds, for instance <c>openai</c>; <see langword="null"/> for a model of one's own.</summary>
    public string? Provider { get; init; }

    /// <summary>Gets the tokens that prompt and answer may have together; <see langword="null"/> when unknown.</summary>
    public long? ContextWindow { get; init; }

    /// <summary>Gets the tokens that a prompt may have; <see langword="null"/> when only <see cref="ContextWindow"/> bounds it.</summary>
    public long? MaxInputTokens { get; init; }

    /// <summary>Gets the tokens that an answer may have; <see langword="null"/> when unknown.</summary>
    public long? MaxOutputTokens { get; init; }

    /// <summary>
    /// Gets what the model can do; <see cref="ModelCapabilities.None"/> means text only, and <see langword="null"/> that it is unknown. A
    /// route that needs a capability refuses both.
    /// </summary>
    public ModelCapabilities? Capabilities { get; init; }

    /// <summary>Gets the table and the day that <see cref="Capabilities"/> were read from, for instance <c>litellm, 2026-11-01</c>; <see langword="null"/> when nobody said.</summary>
    public string? CapabilitiesSource { get; init; }

    /// <summary>Gets the domains that the model was made for, for instance <c>code</c>.</summary>
    public IReadOnlyList<string> Specialities { get; init; } = [];

    /// <summary>Gets the languages that the vendor names, as ISO 639-1 codes; empty when the vendor names none.</summary>
    public IReadOnlyList<string> Languages { get; init; } = [];

    /// <summary>Gets the name of the model's public token encoding, for instance <c>o200k_base</c>; <see langword="null"/> when it has none, and prompts are bounded instead of counted.</summary>
    public string? Encoding { get; init; }

    /// <summary>Gets the tokens by which one image is bounded; <see langword="null"/> when unknown. Then an image is taken for 1,600 tokens when it is asked what fits and what is cheap, and has no price under a ceiling.</summary>
    public long? ImageTokens { get; init; }

    /// <summary>Gets how much the model computes for a token.</summary>
    public EnergyClass EnergyClass { get; init; }

    /// <summary>Gets the parameters used for one token, in billions; <see langword="null"/> when not published, and <see cref="EnergyClass"/> bounds them.</summary>
    public double? ActiveParameters { get; init; }

    /// <summary>Gets all parameters, in billions; <see langword="null"/> when not published.</summary>
    public double? TotalParameters { get; init; }

    /// <summary>Gets the list price at <see cref="Provider"/>.</summary>
    public Price Price { get; init; } = Price.Unknown;

    /// <summary>Gets the price that a second public table gives, when it differs from <see cref="Price"/>.</summary>
    public Price? DisputedPrice { get; init; }

    /// <summary>Gets whether the vendor has withdrawn the model; its price is kept so that old usage can still be priced.</summary>
    public bool Retired { get; init; }

    /// <summary>Gets the day on which the vendor withdraws the model, when announced.</summary>
    public DateOnly? RetiresOn { get; init; }

    /// <summary>Says whether the model can be asked on a given day.</summary>
    /// <param name="day">The day.</param>
    /// <returns><see langword="false"/> when the model has been withdrawn by then.</returns>
    public bool IsOfferedOn(DateOnly day) => !Retired && (RetiresOn is not { } end || day < end);

    /// <summary>Returns a copy of the card with another price.</summary>
    /// <param name="price">The price.</param>
    /// <returns>The copy; a disputed price is not copied, because the new price settles the dispute.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="price"/> is <see langword="null"/>.</exception>
    public ModelCard WithPrice(Price price)
    {
        ArgumentNullException.ThrowIfNull(price);
        return new ModelCard
        {
            Id = Id,
            Provider = Provider,
            ContextWindow = ContextWindow,
            MaxInputTokens = MaxInputTokens,
            MaxOutputTokens = MaxOutputTokens,
            Capabilities = Capabilities,
            CapabilitiesSource = CapabilitiesSource,
            Specialities = Specialities,
            Languages = Languages,
            Encoding = Encoding,
            ImageTokens = ImageTokens,
            EnergyClass = EnergyClass,
            ActiveParameters = ActiveParameters,
            TotalParameters = TotalParameters,
            Price = price,
            Retired = Retired,
            RetiresOn = RetiresOn,
        };
    }
}
