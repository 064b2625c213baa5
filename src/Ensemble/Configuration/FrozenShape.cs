namespace Ensemble;

/// <summary>The keys of the configuration; those that a later version fills are refused by name until then.</summary>
internal static class FrozenShape
{
    public static readonly string[] Root = ["Default", "Models", "Compositions"];

    public static readonly string[] Model = ["Provider", "Model"];

    public static readonly string[] Composition = ["Kind", "Members"];

    public static readonly string[] Member = ["Model", "Name", "Count", "System", "Examples", "Seed", "Temperature", "TopP", "TopK", "MaxOutputTokens"];

    public static readonly string[] Example = ["User", "Assistant"];

    public static readonly HashSet<string> NotYet = new(StringComparer.OrdinalIgnoreCase)
    {
        "Budgets", "Tenants", "Price", "Quality", "Processing", "Objective", "MinQuality", "Require", "DeferBelow", "Budget",
    };

    public static string NotYetMessage(string path) => $"{path}: not supported yet; remove the key, nothing would obey it.";

    public static string UnknownMessage(string path, string key, IEnumerable<string> known) =>
        $"{path}: unknown key.{Suggestion.For(key, known)} Known here: {string.Join(", ", known)}.";
}
