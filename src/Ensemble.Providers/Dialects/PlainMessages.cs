using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Ensemble;

/// <summary>Puts a conversation of single texts into the SDK's messages as the platform's adapter does, without its lists and enumerators.</summary>
internal static class PlainMessages
{
    /// <summary>Maps a conversation in which every message is one text of the system, the user or the assistant.</summary>
    /// <returns><see langword="null"/> for every other conversation.</returns>
    public static OpenAI.Chat.ChatMessage[]? TryMap(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        if (options?.Instructions is not null || messages is not IReadOnlyList<ChatMessage> list)
        {
            return null;
        }

        OpenAI.Chat.ChatMessage[] mapped = new OpenAI.Chat.ChatMessage[list.Count];
        for (int i = 0; i < mapped.Length; i++)
        {
            if (TryMap(list[i]) is not { } message)
            {
                return null;
            }

            mapped[i] = message;
        }

        return mapped;
    }

    private static OpenAI.Chat.ChatMessage? TryMap(ChatMessage message)
    {
        if (message is not { AuthorName: null, RawRepresentation: not OpenAI.Chat.ChatMessage, Contents: [TextContent text] })
        {
            return null;
        }

        ChatMessageContentPart part = text.RawRepresentation as ChatMessageContentPart ?? ChatMessageContentPart.CreateTextPart(text.Text);
        ChatRole role = message.Role;
        return role == ChatRole.User ? new UserChatMessage(part)
            : role == ChatRole.Assistant ? new AssistantChatMessage(part)
            : role == ChatRole.System ? new SystemChatMessage(part)
            : null;
    }
}
