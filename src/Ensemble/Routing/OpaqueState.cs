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

    /// <summary>Marks reasoning, sealed or not: streams bring it in pieces of which only the last is sealed, and the platform puts them together with the properties of the first.</summary>
    public static void Mark(string router, Member member, IList<AIContent> contents)
    {
        foreach (AIContent content in contents)
        {
            if (content is TextReasoningContent)
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
        return last is null ? null : Find(members, IssuerOf(router, last));
    }

    /// <summary>Returns the conversation as a member may see it: without the state of others, and of whom nobody knows. Members that are one model read each other's.</summary>
    /// <param name="router">The router.</param>
    /// <param name="members">Its members.</param>
    /// <param name="member">The member that is asked.</param>
    /// <param name="messages">The conversation; it is not changed.</param>
    /// <param name="stripped">How many pieces were left out.</param>
    public static IReadOnlyList<ChatMessage> For(string router, IReadOnlyList<Member> members, Member member, IReadOnlyList<ChatMessage> messages, out int stripped)
    {
        stripped = 0;
        if (members.All(other => IsOne(other, member)))
        {
            return messages;
        }

        List<ChatMessage> kept = new(messages.Count);
        foreach (ChatMessage message in messages)
        {
            AIContent[] contents = [.. message.Contents.Where(content => !Is(content) || (Find(members, IssuerOf(router, content)) is { } issuer && IsOne(issuer, member)))];
            stripped += message.Contents.Count - contents.Length;
            if (contents.Length == message.Contents.Count)
            {
                kept.Add(message);
            }
            else if (contents.Length > 0)
            {
                ChatMessage own = message.Clone();
                own.Contents = [.. contents.Select(WithoutId)];
                kept.Add(own);
            }
        }

        return stripped == 0 ? messages : kept;
    }

    /// <summary>Returns the conversation as a member may see it, and notes on the receipt what was left out.</summary>
    public static IReadOnlyList<ChatMessage> For(string router, IReadOnlyList<Member> members, Member member, IReadOnlyList<ChatMessage> messages, ReceiptBuilder receipt)
    {
        IReadOnlyList<ChatMessage> own = For(router, members, member, messages, out int stripped);
        if (stripped > 0)
        {
            receipt.Note($"{stripped} pieces of reasoning that only another provider can read were stripped for {member.Name}.");
        }

        return own;
    }

    // OpenAI refuses a call by the id that it gave it ('fc_…' without its required 'reasoning' item); without one it is a call like any other.
    private static AIContent WithoutId(AIContent content) => content is FunctionCallContent { RawRepresentation: not null } call
        ? new FunctionCallContent(call.CallId, call.Name, call.Arguments)
        {
            Exception = call.Exception,
            InformationalOnly = call.InformationalOnly,
            Annotations = call.Annotations,
            AdditionalProperties = call.AdditionalProperties,
        }
        : content;

    private static Member? Find(IReadOnlyList<Member> members, string? name) =>
        name is null ? null : members.FirstOrDefault(member => member.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    // Voters of one model (claude*3) are one issuer: a provider that wants its reasoning back with the result of a tool refuses whom it was taken from.
    private static bool IsOne(Member issuer, Member member) =>
        ReferenceEquals(issuer, member) || ReferenceEquals(issuer.Client, member.Client)
        || (issuer.Client.GetService<ModelChatClient>() is { IsLeaf: true } model && ReferenceEquals(model, member.Client.GetService<ModelChatClient>()));

    private static bool Is(AIContent content) => content is TextReasoningContent { ProtectedData.Length: > 0 };

    // What comes back from JSON is an element of JSON.
    private static string? IssuerOf(string router, AIContent content) =>
        content.AdditionalProperties?.TryGetValue(Prefix + router, out object? name) is true ? name?.ToString() : null;
}
