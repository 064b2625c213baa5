using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// Writes the member that issued a conversation id into the id, so that the next turn finds it again: without a table that has to be
/// bounded, and also in another process.
/// </summary>
internal static class ConversationPin
{
    private const string Prefix = "ensemble:";

    public static string? Mark(Member member, string? id) => string.IsNullOrEmpty(id) ? id : $"{Prefix}{member.Name}:{id}";

    /// <summary>Marks the id of an update; the platform's own middleware changes updates in place too.</summary>
    public static ChatResponseUpdate Mark(Member member, ChatResponseUpdate update)
    {
        if (update.ConversationId is not null)
        {
            update.ConversationId = Mark(member, update.ConversationId);
        }

        return update;
    }

    /// <summary>Returns the issuer and its own id; no issuer when the id did not come from here.</summary>
    public static (Member? Issuer, string Id) Resolve(IReadOnlyList<Member> members, string marked)
    {
        if (marked.StartsWith(Prefix, StringComparison.Ordinal) && marked.IndexOf(':', Prefix.Length) is > 0 and int end)
        {
            string name = marked[Prefix.Length..end];
            if (members.FirstOrDefault(member => member.Name == name) is { } issuer)
            {
                return (issuer, marked[(end + 1)..]);
            }
        }

        return (null, marked);
    }
}
