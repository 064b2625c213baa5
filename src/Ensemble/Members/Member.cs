using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>A named client inside a composition: a model, another composition, or a variation of one.</summary>
public sealed class Member
{
    /// <summary>Creates a member.</summary>
    /// <param name="name">Its name in receipts and votes.</param>
    /// <param name="client">The client; whoever made it disposes it.</param>
    public Member(string name, IChatClient client)
        : this(name, client, isGreedy: false)
    {
    }

    private Member(string name, IChatClient client, bool isGreedy)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(client);
        Name = name;
        Client = client;
        IsGreedy = isGreedy;
    }

    /// <summary>Gets the name of the member in receipts and votes.</summary>
    public string Name { get; }

    /// <summary>Gets the client that is asked.</summary>
    public IChatClient Client { get; }

    /// <summary>Gets whether the member answers at temperature 0 whatever the caller asks for.</summary>
    internal bool IsGreedy { get; }

    /// <summary>Gets what the client says about itself.</summary>
    internal MemberTraits Traits => Client.GetService<MemberTraits>() ?? MemberTraits.Unknown;

    /// <summary>Creates members from their descriptions; several of one name are numbered (<c>local#1</c>).</summary>
    /// <param name="descriptions">The descriptions in order.</param>
    /// <param name="find">Returns the client of a model or composition by name.</param>
    /// <returns>The members in order.</returns>
    public static IReadOnlyList<Member> Create(IEnumerable<MemberOptions> descriptions, Func<string, IChatClient> find)
    {
        ArgumentNullException.ThrowIfNull(descriptions);
        ArgumentNullException.ThrowIfNull(find);
        MemberOptions[] all = [.. descriptions];
        Dictionary<string, int> total = new(StringComparer.OrdinalIgnoreCase);
        foreach (MemberOptions one in all)
        {
            total[one.Name ?? one.Model] = total.GetValueOrDefault(one.Name ?? one.Model) + one.Count;
        }

        Dictionary<string, int> seen = new(StringComparer.OrdinalIgnoreCase);
        List<Member> members = [];
        foreach (MemberOptions one in all)
        {
            string name = one.Name ?? one.Model;
            IChatClient client = find(one.Model);
            for (int i = 0; i < one.Count; i++)
            {
                int number = seen[name] = seen.GetValueOrDefault(name) + 1;
                members.Add(new Member(
                    total[name] > 1 ? $"{name}#{number}" : name,
                    one.Varies ? new VariationChatClient(client, one, i) : client,
                    isGreedy: one.Temperature == 0));
            }
        }

        return members;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
