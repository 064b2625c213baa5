using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Says what counts as content, and which answers are failures although nothing was thrown.</summary>
internal static class AnswerRules
{
    // The platform's adapters mark a model's own refusal so; a refusal is an answer.
    private const string RefusalCode = "Refusal";

    public static bool WantsReasoning(ChatOptions? options) => options?.Reasoning?.Output is ReasoningOutput.Summary or ReasoningOutput.Full;

    /// <summary>Whether a content commits a stream: text that is not blank, a tool call, data; never usage, and reasoning only if it was asked for.</summary>
    public static bool IsContent(AIContent content, bool wantsReasoning) => content switch
    {
        TextReasoningContent reasoning => wantsReasoning && !string.IsNullOrWhiteSpace(reasoning.Text),
        TextContent text => !string.IsNullOrWhiteSpace(text.Text),
        ErrorContent error => IsRefusal(error),
        UsageContent => false,
        _ => true,
    };

    /// <summary>Whether a content says that the member failed in the middle of its answer.</summary>
    public static bool IsError(AIContent content) => content is ErrorContent error && !IsRefusal(error);

    /// <summary>Judges a whole answer.</summary>
    /// <returns>What is wrong with it; <see langword="null"/> when it can be used.</returns>
    public static FailureClass? Check(ChatResponse response, ChatOptions? options, MemberTraits traits)
    {
        bool wantsReasoning = WantsReasoning(options);
        bool hasContent = false;
        foreach (ChatMessage message in response.Messages)
        {
            foreach (AIContent content in message.Contents)
            {
                if (IsError(content))
                {
                    return FailureClass.Protocol;
                }

                hasContent |= IsContent(content, wantsReasoning);
            }
        }

        return CheckEnd(hasContent, response.FinishReason, traits);
    }

    /// <summary>Judges how an answer ended.</summary>
    public static FailureClass? CheckEnd(bool hasContent, ChatFinishReason? finish, MemberTraits traits)
    {
        if (finish is null && traits.ReportsFinishReason)
        {
            return FailureClass.Protocol;
        }

        // Also in mid-answer: half an answer that a filter cut is no answer, whole or streamed.
        return finish == ChatFinishReason.ContentFilter ? FailureClass.ContentFilter
            : hasContent ? null
            : finish == ChatFinishReason.Length ? FailureClass.OutputLimit
            : FailureClass.Empty;
    }

    private static bool IsRefusal(ErrorContent error) => string.Equals(error.ErrorCode, RefusalCode, StringComparison.OrdinalIgnoreCase);
}
