using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// Provider state inside messages: reasoning with <see cref="TextReasoningContent.ProtectedData"/>, which its issuer needs for the next turn and
/// others refuse. Each router marks it with the member that it came from, under a key of its own, so that routers may be nested; the mark travels
/// with the message, also through JSON.
/// </summary>
internal static class OpaqueState
{
    private const string Prefix = "ensemble.issued_by.";

    public static void Mark(string router, Member member, IList<AIContent> contents)
    {
        foreach (AIContent content in contents)
        {
            if (Is(content))
            {
                (content.AdditionalProperties ??= [])[Prefix + router] = member.Name;
            }
        }
    }

    public static bool IsIn(IReadOnlyList<ChatMessage> messages)
    {
        foreach (ChatMessage message in messages)
        {
            foreach (AIContent content in message.Contents)
            {
                if (Is(content))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Returns the member that issued the last state; <see langword="null"/> when that is unknown.</summary>
    public static Member? Issuer(string router, IReadOnlyList<Member> members, IReadOnlyList<ChatMessage> messages)
    {
        AIContent? last = messages.SelectMany(message => message.Contents).LastOrDefault(Is);
        return last is null ? null : members.FirstOrDefault(member => member.Name == IssuerOf(router, last));
    }

    /// <summary>Returns the conversation as a member may see it: without the state of others, and of whom nobody knows.</summary>
    /// <param name="router">The router.</param>
    /// <param name="member">The member that is asked.</param>
    /// <param name="messages">The conversation; it is not changed.</param>
    /// <param name="stripped">How many pieces were left out.</param>
    public static IReadOnlyList<ChatMessage> For(string router, Member member, IReadOnlyList<ChatMessage> messages, out int stripped)
    {
        stripped = 0;
        List<ChatMessage> kept = new(messages.Count);
        foreach (ChatMessage message in messages)
        {
            AIContent[] contents = [.. message.Contents.Where(content => !Is(content) || IssuerOf(router, content) == member.Name)];
            stripped += message.Contents.Count - contents.Length;
            if (contents.Length == message.Contents.Count)
            {
                kept.Add(message);
            }
            else if (contents.Length > 0)
            {
                ChatMessage own = message.Clone();
                own.Contents = contents;
                kept.Add(own);
            }
        }

        return stripped == 0 ? messages : kept;
    }

    private static bool Is(AIContent content) => content is TextReasoningContent { ProtectedData.Length: > 0 };

    // What comes back from JSON is an element of JSON.
    private static string? IssuerOf(string router, AIContent content) =>
        content.AdditionalProperties?.TryGetValue(Prefix + router, out object? name) is true ? name?.ToString() : null;
}
