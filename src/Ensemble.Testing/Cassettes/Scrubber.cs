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

    public static JsonArray Scrub(IReadOnlyList<ChatResponseUpdate> updates, IReadOnlyList<ChatMessage> messages)
    {
        List<ChatResponseUpdate> kept = [.. updates.Select(Keep)];
        string whole = string.Concat(kept.Select(update => update.Text));
        string clean = Clean(whole, messages);
        if (clean != whole)
        {
            // What is to be hidden may lie across pieces: the clean text then stands in the first of them.
            foreach (TextContent piece in kept.SelectMany(update => update.Contents).OfType<TextContent>())
            {
                piece.Text = clean;
                clean = "";
            }
        }

        JsonArray array = [];
        foreach (ChatResponseUpdate update in kept)
        {
            string json = JsonSerializer.Serialize(update, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(ChatResponseUpdate)));
            array.Add(JsonNode.Parse(Secrets().Replace(json, "[secret]")));
        }

        return array;
    }

    private static string Clean(string text, IReadOnlyList<ChatMessage> messages)
    {
        foreach (string prompt in messages.Select(message => message.Text).Where(prompt => prompt.Length >= ShortestPrompt))
        {
            text = text.Replace(prompt, "[prompt]", StringComparison.Ordinal);
        }

        return Secrets().Replace(text, "[secret]");
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

    // OpenAI and Anthropic, Google, AWS, GitHub, Slack, JSON web tokens, and whatever follows "Bearer".
    [GeneratedRegex(@"\bsk-[A-Za-z0-9_-]{16,}|\bAIza[A-Za-z0-9_-]{30,}|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{20,}|\bxox[abprs]-[A-Za-z0-9-]{10,}|\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+|(?<=\bBearer\s)[A-Za-z0-9._~+/-]{16,}=*")]
    private static partial Regex Secrets();
}
