namespace Ensemble;

/// <summary>What a user knows better about a model than the catalog; what is left out is the catalog's.</summary>
public sealed class ModelCardOptions
{
    /// <summary>Gets or sets the tokens that prompt and answer may have together.</summary>
    public long? ContextWindow { get; set; }

    /// <summary>Gets or sets the tokens that a prompt may have.</summary>
    public long? MaxInputTokens { get; set; }

    /// <summary>Gets or sets the tokens that an answer may have.</summary>
    public long? MaxOutputTokens { get; set; }

    /// <summary>Gets or sets what the model can do.</summary>
    public ModelCapabilities? Capabilities { get; set; }

    /// <summary>Gets or sets the domains that the model was made for.</summary>
    public IReadOnlyList<string>? Specialities { get; set; }

    /// <summary>Gets or sets the languages that the model was made for, as ISO 639-1 codes.</summary>
    public IReadOnlyList<string>? Languages { get; set; }

    /// <summary>Gets or sets the name of the model's public token encoding, for instance <c>o200k_base</c>.</summary>
    public string? Encoding { get; set; }

    /// <summary>Gets or sets the tokens by which one image is bounded.</summary>
    public long? ImageTokens { get; set; }

    /// <summary>Gets or sets how much the model computes for a token.</summary>
    public EnergyClass? EnergyClass { get; set; }

    /// <summary>Gets or sets the parameters used for one token, in billions.</summary>
    public double? ActiveParameters { get; set; }

    /// <summary>Gets or sets all parameters, in billions.</summary>
    public double? TotalParameters { get; set; }

    internal ModelCard Over(ModelCard card) => new()
    {
        Id = card.Id,
        Provider = card.Provider,
        ContextWindow = ContextWindow ?? card.ContextWindow,
        MaxInputTokens = MaxInputTokens ?? card.MaxInputTokens,
        MaxOutputTokens = MaxOutputTokens ?? card.MaxOutputTokens,
        Capabilities = Capabilities ?? card.Capabilities,
        CapabilitiesSource = Capabilities is null ? card.CapabilitiesSource : null,
        Specialities = Specialities ?? card.Specialities,
        Languages = Languages ?? card.Languages,
        Encoding = Encoding ?? card.Encoding,
        ImageTokens = ImageTokens ?? card.ImageTokens,
        EnergyClass = EnergyClass ?? card.EnergyClass,
        ActiveParameters = ActiveParameters ?? card.ActiveParameters,
        TotalParameters = TotalParameters ?? card.TotalParameters,
        Price = card.Price,
        DisputedPrice = card.DisputedPrice,
        Retired = card.Retired,
        RetiresOn = card.RetiresOn,
    };
}
