using System.ClientModel;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatFinishReason = OpenAI.Chat.ChatFinishReason;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Ensemble;

/// <summary>Puts a chat completion that is one text and nothing else as the platform's adapter puts it, without its search for everything that might be there.</summary>
internal static class PlainCompletion
{
    /// <summary>Maps a completion that is one text and nothing else.</summary>
    /// <returns><see langword="null"/> for every other completion.</returns>
    public static ChatResponse? TryMap(ClientResult<ChatCompletion> result)
    {
        ChatCompletion raw = result.Value;
        if (!IsText(raw) || MayReason(result) || raw.Content[0] is not { Kind: ChatMessageContentPartKind.Text, Refusal: null } part)
        {
            return null;
        }

        ChatMessage message = new(ChatRole.Assistant, new List<AIContent>(1) { new TextContent(part.Text) { RawRepresentation = part } })
        {
            CreatedAt = raw.CreatedAt,
            MessageId = raw.Id,
            RawRepresentation = raw,
        };
        return new ChatResponse(message)
        {
            CreatedAt = raw.CreatedAt,
            FinishReason = raw.FinishReason == ChatFinishReason.Stop ? Microsoft.Extensions.AI.ChatFinishReason.Stop : Microsoft.Extensions.AI.ChatFinishReason.Length,
            ModelId = raw.Model,
            RawRepresentation = raw,
            ResponseId = raw.Id,
            Usage = raw.Usage is { } usage ? Convert(usage) : null,
        };
    }

#pragma warning disable OPENAI001 // Audio and annotations are experimental; they are only looked for.
    private static bool IsText(ChatCompletion raw) =>
        raw is { Role: ChatMessageRole.Assistant, FinishReason: ChatFinishReason.Stop or ChatFinishReason.Length, Content.Count: 1, ToolCalls.Count: 0, Refusal: null, OutputAudio: null, Annotations: null or { Count: 0 } };
#pragma warning restore OPENAI001

    // The SDK does not know the field, and the adapter looks for it in what the SDK has kept of the answer.
    private static bool MayReason(ClientResult<ChatCompletion> result) => result.GetRawResponse().Content.ToMemory().Span.IndexOf("reasoning_content"u8) >= 0;

    private static UsageDetails Convert(ChatTokenUsage usage)
    {
        AdditionalPropertiesDictionary<long> others = [];
        if (usage.InputTokenDetails is { } input)
        {
            others["InputTokenDetails.AudioTokenCount"] = input.AudioTokenCount;
        }

        if (usage.OutputTokenDetails is { } output)
        {
            others["OutputTokenDetails.AudioTokenCount"] = output.AudioTokenCount;
#pragma warning disable OPENAI001 // The counts of predictions are experimental.
            others["OutputTokenDetails.AcceptedPredictionTokenCount"] = output.AcceptedPredictionTokenCount;
            others["OutputTokenDetails.RejectedPredictionTokenCount"] = output.RejectedPredictionTokenCount;
#pragma warning restore OPENAI001
        }

        return new UsageDetails
        {
            InputTokenCount = usage.InputTokenCount,
            OutputTokenCount = usage.OutputTokenCount,
            TotalTokenCount = usage.TotalTokenCount,
            CachedInputTokenCount = usage.InputTokenDetails?.CachedTokenCount,
            ReasoningTokenCount = usage.OutputTokenDetails?.ReasoningTokenCount,
            AdditionalCounts = others,
        };
    }
}
