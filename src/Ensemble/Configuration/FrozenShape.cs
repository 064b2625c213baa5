namespace Ensemble;

/// <summary>The keys of the configuration.</summary>
internal static class FrozenShape
{
    /// <summary>The domain under <c>Quality</c> that stands for every domain that is not named.</summary>
    public const string OtherDomains = "Default";

    public static readonly string[] Root = ["Default", "Models", "Embeddings", "Compositions", "Tenants", "Budgets"];

    public static readonly string[] Embedding = ["Provider", "Model", "Price", "Processing", "DataPolicies", "SelfHosted"];

    public static readonly string[] EmbeddingPrice = ["InputPerMillion", "RegionUplift"];

    public static readonly string[] Deployment = ["Provider", "Model", "Price", "Processing", "DataPolicies", "SelfHosted", "Weight", "Tier", "Limits"];

    public static readonly string[] Model = ["Provider", "Model", "Price", "Quality", "Processing", "DataPolicies", "SelfHosted", "Weight", "Tier", "Limits", "Card", "Deployments"];

    public static readonly string[] Limits = ["MaxConcurrency", "RequestsPerMinute", "TokensPerMinute"];

    public static readonly string[] Price =
    [
        "InputPerMillion", "OutputPerMillion", "CachedInputPerMillion", "CacheWritePerMillion", "ReasoningPerMillion", "ImagePerMillion",
        "BatchInputPerMillion", "BatchOutputPerMillion", "RegionUplift", "Tiers",
    ];

    public static readonly string[] PriceTier = ["AboveInputTokens", "InputPerMillion", "OutputPerMillion", "CachedInputPerMillion", "CacheWritePerMillion"];

    public static readonly string[] Card =
    [
        "ContextWindow", "MaxInputTokens", "MaxOutputTokens", "Capabilities", "Specialities", "Languages", "Encoding", "ImageTokens",
        "EnergyClass", "ActiveParameters", "TotalParameters",
    ];

    public static readonly string[] Require =
        ["Capabilities", "Regions", "DataPolicies", "KeepLocal", "MatchLanguage", "Allow", "Deny", "Placement", "MaxUsd", "DeadlineSeconds"];

    public static readonly string[] Tenant = ["Require", "MinQuality", "Objective"];

    public static readonly string[] Composition = ["Kind", "Members", "Budget"];

    public static readonly string[] Budget = ["Usd", "Per", "TimeZone", "OnExhausted"];

    public static readonly string[] Member = ["Model", "Name", "Count", "System", "Examples", "Seed", "Temperature", "TopP", "TopK", "MaxOutputTokens"];

    public static readonly string[] Example = ["User", "Assistant"];

    public static string UnknownMessage(string path, string key, IEnumerable<string> known) =>
        $"{path}: unknown key.{Suggestion.ForKey(key, known)} Known here: {string.Join(", ", known)}.";
}
