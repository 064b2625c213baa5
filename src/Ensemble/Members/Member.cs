using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>A named client inside a composition: a model, another composition, or a variation of one.</summary>
public sealed class Member
{
    private Known? _known;

    /// <summary>Creates a member.</summary>
    /// <param name="name">Its name in receipts and votes.</param>
    /// <param name="client">The client; whoever made it disposes it.</param>
    public Member(string name, IChatClient client)
        : this(name, [client], isGreedy: false)
    {
    }

    /// <summary>Creates a member that is one model behind several keys or endpoints. A router takes the first that is healthy; one whose key is refused, or whose limit is reached, is left alone while the others go on.</summary>
    /// <param name="name">Its name in receipts and votes.</param>
    /// <param name="clients">One client a key or endpoint, in order; whoever made them disposes them.</param>
    /// <exception cref="ArgumentException">There is no client.</exception>
    public Member(string name, IEnumerable<IChatClient> clients)
        : this(name, clients is null ? throw new ArgumentNullException(nameof(clients)) : [.. clients], isGreedy: false)
    {
    }

    private Member(string name, IChatClient[] clients, bool isGreedy)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (clients.Length == 0)
        {
            throw new ArgumentException($"The member '{name}' has no client; give it at least one.", nameof(clients));
        }

        foreach (IChatClient client in clients)
        {
            ArgumentNullException.ThrowIfNull(client);
        }

        Name = name;
        Clients = clients;
        IsGreedy = isGreedy;
    }

    /// <summary>Gets the name of the member in receipts and votes.</summary>
    public string Name { get; }

    /// <summary>Gets the client that is asked; the first when there are several.</summary>
    public IChatClient Client => Clients[0];

    /// <summary>Gets the clients, one a key or endpoint.</summary>
    public IReadOnlyList<IChatClient> Clients { get; }

    /// <summary>Gets the limits of each of the clients: a router queues calls that would break them, and refuses at once those that could not leave in time.</summary>
    /// <value>The default value is <see cref="DeploymentLimits.None"/>.</value>
    public DeploymentLimits Limits { get; init; } = DeploymentLimits.None;

    /// <summary>Gets whether the member answers at temperature 0 whatever the caller asks for.</summary>
    internal bool IsGreedy { get; }

    /// <summary>Gets whether the client is composed of others, and so obeys the rules of a request itself.</summary>
    internal bool IsComposition => Client.GetService<ModelChatClient>() is { } model ? !model.IsLeaf : MemberRequest.Understands(Client);

    /// <summary>Gets what is known of the model that is asked; <see langword="null"/> for a composition, and for a client that says nothing of itself.</summary>
    /// <remarks>A client of a name stands for another model after a reload, so what is known is kept for the model that it was said of only.</remarks>
    internal Candidate? Facts
    {
        get
        {
            ModelChatClient? model = Client.GetService<ModelChatClient>();
            object? source = model ?? (object?)Client.GetService<SelectionMember>() ?? this;
            if (Volatile.Read(ref _known) is { } known && ReferenceEquals(known.Source, source))
            {
                return known.Facts;
            }

            Candidate? facts = Describe(model);
            Volatile.Write(ref _known, new Known(source, facts));
            return facts;
        }
    }

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
        Queue<string> names = new(NamesOf(all));
        List<Member> members = [];
        foreach (MemberOptions one in all)
        {
            IChatClient client = find(one.Model);
            for (int i = 0; i < one.Count; i++)
            {
                members.Add(new Member(names.Dequeue(), [one.Varies ? new VariationChatClient(client, one, i) : client], isGreedy: one.Temperature == 0));
            }
        }

        return members;
    }

    /// <summary>Lists the names that members of these descriptions get, in order.</summary>
    internal static IEnumerable<string> NamesOf(IReadOnlyCollection<MemberOptions> descriptions)
    {
        Dictionary<string, int> total = new(StringComparer.OrdinalIgnoreCase);
        foreach (MemberOptions one in descriptions)
        {
            total[one.Name ?? one.Model] = total.GetValueOrDefault(one.Name ?? one.Model) + one.Count;
        }

        Dictionary<string, int> seen = new(StringComparer.OrdinalIgnoreCase);
        foreach (MemberOptions one in descriptions)
        {
            string name = one.Name ?? one.Model;
            for (int i = 0; i < one.Count; i++)
            {
                int number = seen[name] = seen.GetValueOrDefault(name) + 1;
                yield return total[name] > 1 ? $"{name}#{number}" : name;
            }
        }
    }

    /// <summary>Makes the member a model when one of the descriptions is of it and it is a mere client: what is known of it, its price above all, then counts for receipts and budgets too.</summary>
    internal Member As(IReadOnlyList<SelectionMember> described, EnsembleRuntime runtime)
    {
        foreach (SelectionMember model in described)
        {
            if (model.Deployments.FirstOrDefault(place => place.Name.Equals(Name, StringComparison.OrdinalIgnoreCase)) is { } place)
            {
                return Clients.Any(client => MemberRequest.Understands(client) || client.GetService<VariationChatClient>() is not null)
                    ? this
                    : new Member(Name, [.. Clients.Select(client => new ModelChatClient(place.Name, client, runtime, model.Deployments.Count == 1 ? model : new DeploymentOf(model), Candidate.PriceOf(model.Card, place)) { Limits = place.Limits, Way = client })], IsGreedy) { Limits = Limits };
            }
        }

        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private Candidate? Describe(ModelChatClient? model)
    {
        if (model is not null)
        {
            return model.IsLeaf ? model.FactsAs(Name) : null;
        }

        SelectionMember? known = Client.GetService<SelectionMember>();
        MemberTraits? traits = known is null ? Client.GetService<MemberTraits>() : null;
        return known is { Deployments: [var place, ..] } ? new Candidate(ModelDescriber.Rename(known, Name), place, memberIndex: 0, near: null)
            : traits is null || MemberRequest.Understands(Client) ? null
            : new Candidate(
                new SelectionMember { Name = Name, Card = new ModelCard { Id = Name, ContextWindow = traits.ContextWindow }, Deployments = [] },
                new Deployment { Name = Name, InProcess = traits.InProcess },
                memberIndex: 0,
                near: null);
    }

    private sealed record Known(object Source, Candidate? Facts);
}
