using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;

namespace Ensemble.Testing;

/// <summary>Takes secrets and prompts out of answers before they are kept.</summary>
internal static partial class Scrubber
{
    // Shorter prompts are words that an answer may contain by chance.
    private const int ShortestPrompt = 12;

    public static JsonArray Scrub(IReadOnlyList<ChatResponseUpdate> updates, IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        string[] prompts =
        [
            .. messages.SelectMany(message => message.Contents.OfType<TextContent>().Select(content => content.Text).Append(message.Text)).Append(options?.Instructions ?? "")
                .Where(prompt => prompt.Length >= ShortestPrompt).Distinct(StringComparer.Ordinal).OrderByDescending(prompt => prompt.Length),
        ];
        List<ChatResponseUpdate> kept = [.. updates.Select(Keep)];

        // What is to be hidden may lie across pieces: the clean text then stands in the first of them.
        TextContent[] texts = [.. kept.SelectMany(update => update.Contents).OfType<TextContent>()];
        CleanTogether(texts, static piece => piece.Text, static (piece, text) => piece.Text = text, prompts);
        TextReasoningContent[] thoughts = [.. kept.SelectMany(update => update.Contents).OfType<TextReasoningContent>()];
        CleanTogether(thoughts, static piece => piece.Text, static (piece, text) => piece.Text = text, prompts);
        return [.. kept.Select(update => Clean(JsonSerializer.SerializeToNode(update, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(ChatResponseUpdate))), prompts))];
    }

    private static void CleanTogether<T>(T[] pieces, Func<T, string> read, Action<T, string> write, string[] prompts)
    {
        string whole = string.Concat(pieces.Select(read));
        string clean = Clean(whole, prompts);
        foreach (T piece in clean == whole ? [] : pieces)
        {
            write(piece, clean);
            clean = "";
        }
    }

    // Every string, wherever it stands: arguments of tools, results, names and keys of objects.
    private static JsonNode? Clean(JsonNode? node, string[] prompts) => node switch
    {
        JsonObject many => new JsonObject(many.Select(one => KeyValuePair.Create(Clean(one.Key, prompts), Clean(one.Value, prompts)))),
        JsonArray many => new JsonArray([.. many.Select(one => Clean(one, prompts))]),
        JsonValue one when one.TryGetValue(out string? text) => JsonValue.Create(Clean(text, prompts)),
        _ => node?.DeepClone(),
    };

    private static string Clean(string text, string[] prompts)
    {
        foreach (string prompt in prompts)
        {
            text = text.Replace(prompt, "[prompt]", StringComparison.Ordinal);
        }

        text = Secrets().Replace(text, "[secret]");
        StringBuilder? clean = null;
        int done = 0;
        foreach (SensitiveMatch match in SensitiveDataScanner.EnumerateMatches(text))
        {
            if (match.Kind is SensitiveData.Secret)
            {
                (clean ??= new StringBuilder()).Append(text, done, match.Start - done).Append("[secret]");
                done = match.Start + match.Length;
            }
        }

        return clean is null ? text : clean.Append(text, done, text.Length - done).ToString();
    }

    // Ids, times and the provider's extras name accounts and people; nothing that replays needs them.
    private static ChatResponseUpdate Keep(ChatResponseUpdate update) => new(update.Role, [.. update.Contents.Select(Keep)])
    {
        FinishReason = update.FinishReason,
        ModelId = update.ModelId,
        MessageId = update.MessageId is null ? null : "m",
        ResponseId = update.ResponseId is null ? null : "r",
    };

    private static AIContent Keep(AIContent content) => content switch
    {
        TextContent text => new TextContent(text.Text),
        TextReasoningContent reasoning => new TextReasoningContent(reasoning.Text),
        _ => content,
    };

    // Beside the formats that the engine knows, all that looks like one of them, and whatever follows "Bearer".
    [GeneratedRegex(@"\bsk-[A-Za-z0-9_-]{16,}|\bAIza[A-Za-z0-9_-]{30,}|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{20,}|\bxox[abprs]-[A-Za-z0-9-]{10,}|\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+|(?<=\bBearer\s)[A-Za-z0-9._~+/-]{16,}=*")]
    private static partial Regex Secrets();
}
