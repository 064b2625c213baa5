using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// Reads what connectors say of an answer in its metadata: <c>Usage</c> in the type of the provider's SDK, <c>FinishReason</c> in its words.
/// Semantic Kernel has no common form for either, so the properties are found by the names that the connectors give them.
/// </summary>
internal static class KernelMetadata
{
    private static readonly string[] Input = ["InputTokenCount", "InputTokens", "PromptTokens", "PromptTokenCount"];
    private static readonly string[] Output = ["OutputTokenCount", "OutputTokens", "CompletionTokens", "CandidatesTokenCount"];

    /// <summary>Reads the usage; <see langword="null"/> when there is none that can be read.</summary>
    public static UsageDetails? Usage(IReadOnlyDictionary<string, object?>? metadata)
    {
        if (metadata is null)
        {
            return null;
        }

        // Gemini's connector writes its counts into the metadata itself.
        metadata.TryGetValue("Usage", out object? usage);
        if (usage is UsageDetails details)
        {
            return details;
        }

        long? input = usage is null ? Count(metadata, Input) : Count(usage, Input);
        long? output = usage is null ? Count(metadata, Output) : Count(usage, Output);
        return input is null || output is null ? null : new UsageDetails
        {
            InputTokenCount = input,
            OutputTokenCount = output,
            TotalTokenCount = input + output,
            CachedInputTokenCount = Count(Value(usage, "InputTokenDetails"), "CachedTokenCount"),
            ReasoningTokenCount = Count(Value(usage, "OutputTokenDetails"), "ReasoningTokenCount"),
        };
    }

    /// <summary>Reads the finish reason; <see langword="null"/> for none and for words that nobody here knows.</summary>
    public static ChatFinishReason? FinishReason(IReadOnlyDictionary<string, object?>? metadata)
    {
        if (metadata is null || !metadata.TryGetValue("FinishReason", out object? value) || value?.ToString() is not { Length: > 0 } reason)
        {
            return null;
        }

        return reason.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant() switch
        {
            "STOP" or "ENDTURN" or "STOPSEQUENCE" => ChatFinishReason.Stop,
            "LENGTH" or "MAXTOKENS" or "MODELLENGTH" => ChatFinishReason.Length,
            "TOOLCALLS" or "TOOLUSE" or "FUNCTIONCALL" => ChatFinishReason.ToolCalls,
            "CONTENTFILTER" or "SAFETY" or "RECITATION" or "BLOCKLIST" or "PROHIBITEDCONTENT" => ChatFinishReason.ContentFilter,
            _ => null,
        };
    }

    private static long? Count(IReadOnlyDictionary<string, object?> metadata, string[] names)
    {
        foreach (string name in names)
        {
            if (metadata.TryGetValue(name, out object? value) && Number(value) is { } count)
            {
                return count;
            }
        }

        return null;
    }

    private static long? Count(object? usage, params string[] names)
    {
        foreach (string name in names)
        {
            if (Number(Value(usage, name)) is { } count)
            {
                return count;
            }
        }

        return null;
    }

    private static object? Value(object? source, string name) =>
        source?.GetType().GetProperty(name, BindingFlags.Public | BindingFlags.Instance)?.GetValue(source);

    // A count below zero is a mistake of somebody's and no usage.
    private static long? Number(object? value) => value is int or long && Convert.ToInt64(value, CultureInfo.InvariantCulture) is >= 0 and var count ? count : null;
}
