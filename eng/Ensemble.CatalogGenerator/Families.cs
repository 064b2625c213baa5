namespace Ensemble.CatalogGenerator;

/// <summary>What is known of whole families of models and stands in neither table.</summary>
public static class Families
{
    /// <summary>
    /// Languages that vendors name: OpenAI's and Anthropic's from the multilingual evaluations in their model documentation, Google's
    /// from the Gemini API's list of languages, Meta's and Cohere's from their model cards.
    /// </summary>
    public static IReadOnlyDictionary<string, string[]> Languages { get; } = new Dictionary<string, string[]>
    {
        ["openai"] = Split("en ar bn zh fr de hi id it ja ko pt es sw yo"),
        ["anthropic"] = Split("en es pt it fr id de ar zh ko ja hi bn sw yo"),
        ["gemini"] = Split("en ar bn bg zh hr cs da nl et fi fr de el he hi hu id it ja ko lv lt no pl pt ro ru sr sk sl es sw sv th tr uk vi"),
        ["llama"] = Split("en de fr it pt hi es th"),
        ["command"] = Split("en fr es it de pt ja ko zh ar"),
    };

    public static string? LanguagesOf(string id) => true switch
    {
        _ when id.StartsWith("gpt-4o", StringComparison.Ordinal) || id.StartsWith("gpt-4.1", StringComparison.Ordinal)
            || id.StartsWith("gpt-5", StringComparison.Ordinal) || id is "o1" or "o3" or "o3-mini" or "o4-mini" => "openai",
        _ when id.StartsWith("claude-", StringComparison.Ordinal) && !id.StartsWith("claude-2", StringComparison.Ordinal) => "anthropic",
        _ when id.StartsWith("gemini-", StringComparison.Ordinal) => "gemini",
        _ when id.Contains("lama-3.3", StringComparison.Ordinal) || id.Contains("lama3.1", StringComparison.Ordinal) || id.Contains("lama-3.1", StringComparison.Ordinal) => "llama",
        _ when id.StartsWith("command-", StringComparison.Ordinal) => "command",
        _ => null,
    };

    /// <summary>The public encodings; every other vendor's tokens are bounded, not counted.</summary>
    public static string? EncodingOf(string id) => true switch
    {
        _ when id.StartsWith("gpt-3.5", StringComparison.Ordinal) || id is "gpt-4" || id.StartsWith("gpt-4-", StringComparison.Ordinal) => "cl100k_base",
        _ when id.StartsWith("gpt-4o", StringComparison.Ordinal) || id.StartsWith("gpt-4.1", StringComparison.Ordinal) || id.StartsWith("gpt-5", StringComparison.Ordinal)
            || id is "o1" or "o3" or "o3-mini" or "o4-mini" => "o200k_base",
        _ when id.Contains("gpt-oss", StringComparison.Ordinal) => "o200k_harmony",
        _ => null,
    };

    /// <summary>Whose API documents log-probabilities of output tokens; neither table says.</summary>
    public static bool ReportsLogProbabilities(string provider, string id) =>
        (provider is "openai" or "azure" && (id.StartsWith("gpt-3.5", StringComparison.Ordinal) || id.StartsWith("gpt-4", StringComparison.Ordinal))
            && !id.Contains("search", StringComparison.Ordinal))
        || (provider == "deepseek" && id == "deepseek-chat");

    public static IReadOnlyList<string> SpecialitiesOf(string id) =>
        id.Contains("code", StringComparison.Ordinal) || id.Contains("codestral", StringComparison.Ordinal) || id.Contains("devstral", StringComparison.Ordinal) ? ["code"]
        : id.Contains("sonar", StringComparison.Ordinal) || id.Contains("search", StringComparison.Ordinal) ? ["search"]
        : [];

    private static string[] Split(string codes) => codes.Split(' ');
}
