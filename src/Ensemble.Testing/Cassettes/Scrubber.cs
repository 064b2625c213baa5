using System.Text;
using System.Text.Encodings.Web;
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
        string[] prompts = PromptsOf(messages, options);
        Dictionary<string, string> ids = new(StringComparer.Ordinal);
        List<ChatResponseUpdate> kept = [.. updates.Select(update => Keep(update, ids))];

        // What is to be hidden may lie across pieces: the clean text then stands in the first of them.
        TextContent[] texts = [.. kept.SelectMany(update => update.Contents).OfType<TextContent>()];
        CleanTogether(texts, static piece => piece.Text, static (piece, text) => piece.Text = text, prompts);
        TextReasoningContent[] thoughts = [.. kept.SelectMany(update => update.Contents).OfType<TextReasoningContent>()];
        CleanTogether(thoughts, static piece => piece.Text, static (piece, text) => piece.Text = text, prompts);
        return [.. kept.Select(update => Clean(Recorded(update), prompts))];
    }

    /// <summary>
    /// Returns the contents of an answer, as they stand in the conversation that follows it, in the form in which they are recorded: the conversation with a
    /// replayed answer is the one that was recorded.
    /// </summary>
    /// <param name="contents">The contents of a message of the assistant.</param>
    /// <param name="before">The messages before it.</param>
    /// <param name="options">The options.</param>
    public static IEnumerable<string> AsRecorded(IList<AIContent> contents, IReadOnlyList<ChatMessage> before, ChatOptions? options)
    {
        string[] prompts = PromptsOf(before, options);
        for (int i = 0; i < contents.Count; i++)
        {
            // Pieces are joined in other places when their extras are gone.
            AIContent content = contents[i];
            Func<AIContent, string?> read = content is TextReasoningContent ? static piece => (piece as TextReasoningContent)?.Text : static piece => (piece as TextContent)?.Text;
            if (read(content) is not { } text)
            {
                yield return Clean(WithoutExtras(JsonSerializer.SerializeToNode(content, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(AIContent)))), prompts)!.ToJsonString();
                continue;
            }

            while (i + 1 < contents.Count && read(contents[i + 1]) is { } more)
            {
                text += more;
                i++;
            }

            if (text.Length > 0)
            {
                AIContent clean = content is TextReasoningContent ? new TextReasoningContent(Clean(text, prompts)) : new TextContent(Clean(text, prompts));
                yield return JsonSerializer.Serialize(clean, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(AIContent)));
            }
        }
    }

    // Within JSON, of a structured answer or of a tool's arguments as text, a prompt stands escaped, in one of two ways.
    private static string[] PromptsOf(IReadOnlyList<ChatMessage> messages, ChatOptions? options) =>
    [
        .. messages.SelectMany(message => message.Contents.SelectMany(TextsOf).Append(message.Text)).Append(options?.Instructions ?? "")
            .SelectMany(static prompt => new[] { prompt, prompt.Trim() })
            .Where(prompt => prompt.Length >= ShortestPrompt)
            .SelectMany(prompt => new[] { prompt, JavaScriptEncoder.Default.Encode(prompt), JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(prompt) })
            .Distinct(StringComparer.Ordinal).OrderByDescending(prompt => prompt.Length),
    ];

    // What a tool has found is told to the model like a prompt.
    private static IEnumerable<string> TextsOf(AIContent content) => content switch
    {
        TextContent text => [text.Text],
        FunctionResultContent { Result: string text } => [text],
        FunctionResultContent { Result: JsonElement { ValueKind: JsonValueKind.String } text } => [text.GetString()!],
        FunctionResultContent { Result: IEnumerable<AIContent> parts } => parts.OfType<TextContent>().Select(static part => part.Text),
        _ => [],
    };

    // The provider's extras of a content, like those of an answer.
    private static JsonNode? WithoutExtras(JsonNode? content)
    {
        _ = (content as JsonObject)?.Remove("additionalProperties");
        return content;
    }

    private static JsonNode? Recorded(ChatResponseUpdate update)
    {
        JsonNode? node = JsonSerializer.SerializeToNode(update, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(ChatResponseUpdate)));
        foreach (JsonNode? content in node?["contents"] as JsonArray ?? [])
        {
            _ = WithoutExtras(content);
        }

        return node;
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
    private static ChatResponseUpdate Keep(ChatResponseUpdate update, Dictionary<string, string> ids) => new(update.Role, [.. update.Contents.Select(Keep)])
    {
        FinishReason = update.FinishReason,
        ModelId = update.ModelId,
        MessageId = Named(update.MessageId, "m", ids),
        ResponseId = Named(update.ResponseId, "r", ids),
    };

    // That two messages are two is kept.
    private static string? Named(string? id, string kind, Dictionary<string, string> ids)
    {
        if (id is null)
        {
            return null;
        }

        string key = kind + id;
        if (!ids.TryGetValue(key, out string? name))
        {
            int before = ids.Values.Count(known => known.StartsWith(kind, StringComparison.Ordinal));
            ids.Add(key, name = before == 0 ? kind : $"{kind}{before + 1}");
        }

        return name;
    }

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
