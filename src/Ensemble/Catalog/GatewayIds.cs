using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Ensemble;

/// <summary>
/// Reads the vendor and the vendor's own id out of what a gateway calls a model: OpenRouter's <c>anthropic/claude-sonnet-4.5:nitro</c>, Amazon Bedrock's
/// <c>us.anthropic.claude-sonnet-4-5-20250929-v1:0</c>.
/// </summary>
internal static partial class GatewayIds
{
    private static readonly FrozenDictionary<string, string> Vendors = new Dictionary<string, string>
    {
        ["OPENAI"] = "OPENAI",
        ["ANTHROPIC"] = "ANTHROPIC",
        ["GOOGLE"] = "GOOGLE",
        ["MISTRAL"] = "MISTRAL",
        ["MISTRALAI"] = "MISTRAL",
        ["DEEPSEEK"] = "DEEPSEEK",
        ["DEEPSEEK-AI"] = "DEEPSEEK",
        ["XAI"] = "XAI",
        ["X-AI"] = "XAI",
        ["MOONSHOTAI"] = "MOONSHOT",
        ["Z-AI"] = "ZAI",
        ["ZAI-ORG"] = "ZAI",
        ["COHERE"] = "COHERE",
        ["PERPLEXITY"] = "PERPLEXITY",
        ["AI21"] = "AI21",
        ["MINIMAX"] = "MINIMAX",
        ["MINIMAXAI"] = "MINIMAX",
    }.ToFrozenDictionary();

    /// <summary>Reads an id in capitals.</summary>
    /// <returns>The vendor as the catalog calls it and the vendor's id, both in capitals; <see langword="null"/> for an id of another form.</returns>
    public static (string Vendor, string Id)? Read(string id) => Read(Slashed().Match(id)) ?? Read(Dotted().Match(id));

    private static (string Vendor, string Id)? Read(Match match)
    {
        if (!match.Success || !Vendors.TryGetValue(match.Groups["vendor"].Value, out string? vendor))
        {
            return null;
        }

        // Anthropic itself writes versions with hyphens only.
        string model = match.Groups["model"].Value;
        return (vendor, vendor == "ANTHROPIC" ? model.Replace('.', '-') : model);
    }

    // A variant behind a colon (:free, :nitro) is the same model at another price, and of the price nothing is said here.
    [GeneratedRegex(@"^(?:OPENROUTER/)?(?<vendor>[A-Z0-9-]+)/(?<model>[A-Z0-9._-]+)(?::[A-Z0-9-]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Slashed();

    [GeneratedRegex(@"^(?:BEDROCK/)?(?:[A-Z]+\.)?(?<vendor>[A-Z0-9]+)\.(?<model>[A-Z0-9-]+?)(?:-V\d+)?(?::\d+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Dotted();
}
