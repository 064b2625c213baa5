using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Some servers send their last event twice: neither its text nor its usage counts again.</summary>
internal static class LastUpdate
{
    /// <summary>Says whether an update is the last one once more. A member that calls tools itself finishes several times, but each time another message.</summary>
    public static bool IsRepeated(ChatResponseUpdate final, ChatResponseUpdate update) =>
        update.FinishReason is not null && update.FinishReason == final.FinishReason
        && update.ResponseId == final.ResponseId && update.MessageId == final.MessageId
        && update.Contents.Count == final.Contents.Count && update.Contents.Zip(final.Contents, IsSame).All(static same => same);

    // A call that comes after the usage is not the usage once more, though both are one content without text.
    private static bool IsSame(AIContent left, AIContent right) => (left, right) switch
    {
        (TextContent one, TextContent other) => one.Text == other.Text,
        (UsageContent, UsageContent) => true,
        (FunctionCallContent one, FunctionCallContent other) => one.CallId == other.CallId,
        _ => false,
    };
}
