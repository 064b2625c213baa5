using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// Writes the member that issued a conversation id into the id, so that the next turn finds it again: without a table that has to be
/// bounded, and also in another process.
/// </summary>
internal static class ConversationPin
{
    private const string Prefix = "ensemble:";

    /// <summary>Says whether an id may have been marked.</summary>
    public static bool IsMarked(string id) => id.StartsWith(Prefix, StringComparison.Ordinal);

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
    /// <param name="router">The name of the router, for the error.</param>
    /// <param name="members">Its members.</param>
    /// <param name="marked">The id.</param>
    /// <exception cref="UnsupportedOptionException">The issuer is no member any more, and no other has what was said.</exception>
    public static (Member? Issuer, string Id) Resolve(string router, IReadOnlyList<Member> members, string marked)
    {
        if (!IsMarked(marked))
        {
            return (null, marked);
        }

        // A name that code has given may hold the separator, and one name may begin another.
        string rest = marked[Prefix.Length..];
        Member? issuer = members.Where(member => rest.StartsWith(member.Name + ":", StringComparison.OrdinalIgnoreCase)).MaxBy(static member => member.Name.Length);
        if (issuer is not null)
        {
            return (issuer, rest[(issuer.Name.Length + 1)..]);
        }

        // A composition in the first place may know the mark as its own; a router of one member marks nothing, and what comes may be that member's own.
        return members[0].IsComposition || members.Count == 1 ? (null, marked) : throw new UnsupportedOptionException(
            $"{router}: the conversation was begun by '{rest.Split(':')[0]}', which is no member here, and the members have nothing of what was said. Continue it where it was begun, or begin anew without ConversationId.");
    }
}
