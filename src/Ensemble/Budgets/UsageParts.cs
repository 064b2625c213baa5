using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Reads the parts of a prompt that have prices of their own out of what adapters report beside the platform's counts.</summary>
internal static class UsageParts
{
    // Names that adapters give to the same thing: that of the Anthropic SDK's, that of its wire, that of OpenTelemetry.
    private static readonly string[] CacheWrites = ["CacheCreationInputTokens", "cache_creation_input_tokens", "gen_ai.usage.cache_write.input_tokens", "CacheWriteInputTokens"];

    // That of the platform's adapter for OpenAI.
    private static readonly string[] Images = ["InputTokenDetails.ImageTokenCount", "InputImageTokenCount"];

    /// <summary>Reads the tokens that were written to the provider's cache; 0 when none are reported.</summary>
    public static long CacheWriteTokens(UsageDetails usage) => Read(usage, CacheWrites);

    /// <summary>Reads the tokens that stand for images; 0 when none are reported.</summary>
    public static long ImageTokens(UsageDetails usage) => Read(usage, Images);

    private static long Read(UsageDetails usage, string[] names)
    {
        if (usage.AdditionalCounts is not { Count: > 0 } counts)
        {
            return 0;
        }

        foreach (string name in names)
        {
            if (counts.TryGetValue(name, out long tokens))
            {
                return tokens;
            }
        }

        return 0;
    }
}
