using System.Collections.Concurrent;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Ensemble;

/// <summary>
/// The clients of one state of the configuration. A reload makes a new set; requests in flight keep theirs, and the last of them
/// releases what the new one does not use.
/// </summary>
internal sealed class ClientSet(EnsembleOptions options, EnsembleBuilder builder, EnsembleRuntime runtime, IReadOnlyList<IModelProvider> providers, LeafPool pool, IServiceProvider services, bool silent = false)
{
    private readonly ConcurrentDictionary<string, Lazy<IChatClient>> _clients = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, IChatClient> _paid = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentBag<SharedLeaf> _leaves = [];

    // One for being the current set, one for each request in flight.
    private int _users = 1;

    public EnsembleOptions Options => options;

    public EnsembleRuntime Runtime => runtime;

    public IEnumerable<string> Names => options.Compositions.Select(c => c.Name).Concat(options.Models.Select(m => m.Name));

    public string? DefaultName => options.Default ?? (Names.Take(2).ToArray() is [string only] ? only : null);

    /// <summary>Joins the users, unless the set has been released already.</summary>
    public bool TryEnter()
    {
        int users = Volatile.Read(ref _users);
        while (users > 0)
        {
            int seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
            {
                return true;
            }

            users = seen;
        }

        return false;
    }

    /// <summary>Leaves the users; the last one releases the clients.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            pool.Release(_leaves);
        }
    }

    /// <summary>Says whether anything has that name.</summary>
    public bool Has(string name) => _clients.ContainsKey(name) || Names.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the client of a name.</summary>
    /// <exception cref="EnsembleException">Nothing has that name.</exception>
    public IChatClient Get(string name)
    {
        Lazy<IChatClient> client = _clients.GetOrAdd(name, static (key, set) => new Lazy<IChatClient>(() => set.Create(key)), this);
        try
        {
            return client.Value;
        }
        catch
        {
            // What was missing, such as a key, may be there the next time.
            _clients.TryRemove(KeyValuePair.Create(name, client));
            throw;
        }
    }

    /// <summary>Returns the client of a name as callers from outside see it: when no budget pays for it, the member that the budget names answers instead.</summary>
    public IChatClient GetPaid(string name)
    {
        IChatClient client = Get(name);
        return options.Budgets.Count == 0 ? client
            : _paid.GetOrAdd(name, static (key, made) => new BudgetFallbackChatClient(key, made.Client, member => made.Set.FindFallback(key, member), made.Set.Runtime), (Set: this, Client: client));
    }

    /// <summary>Makes every client now, so that what is wrong shows before anybody uses the set.</summary>
    public void CreateAll()
    {
        foreach (string name in Names)
        {
            _ = Get(name);
        }
    }

    public EnsembleException Unknown(string name) => new(
        $"No model or composition is called '{name}'.{Suggestion.For(name, Names)} Known: {string.Join(", ", Names)}.");

    public IModelProvider? FindProvider(string name) => providers.FirstOrDefault(provider => provider.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Finds the planner of a router: the one at work with what it has learned, or one of a set that can ask nobody.</summary>
    public SelectionPlanner? FindPlanner(string name)
    {
        IChatClient router = _clients.TryGetValue(name, out Lazy<IChatClient>? made) && made.IsValueCreated ? made.Value : Silent().Get(name);
        return router.GetService<RouterChatClient>()?.Planner as SelectionPlanner;
    }

    /// <summary>Says what is known of an embedding model, without making one that the configuration names, and whether it computes in this process.</summary>
    public (Candidate Facts, bool IsFree) EmbeddingFacts(string key)
    {
        if (options.Embeddings.Find(embedding => embedding.Name.Equals(key, StringComparison.OrdinalIgnoreCase)) is { Provider.Length: > 0 } made)
        {
            bool inProcess = services.GetServices<IEmbeddingProvider>().Any(provider => provider.RunsInProcess && provider.Name.Equals(made.Provider, StringComparison.OrdinalIgnoreCase));
            if (inProcess)
            {
                SelectionMember here = new() { Name = made.Name, Model = made.Model, Card = new ModelCard { Id = made.Model ?? made.Name }, Deployments = [new Deployment { Name = made.Name, InProcess = true }] };
                return (new Candidate(here, here.Deployments[0], memberIndex: 0, near: null), true);
            }

            return runtime.Embeddings.TryGetValue(key, out SelectionMember? known) ? (new Candidate(known, known.Deployments[0], memberIndex: 0, near: null), inProcess) : (Candidate.Unknown(key), inProcess);
        }

        if (services.GetKeyedService<IEmbeddingGenerator<string, Embedding<float>>>(key) is not { } own)
        {
            return (Candidate.Unknown(key), false);
        }

        // What the configuration says of it counts, as it does when it is asked.
        return runtime.Embeddings.TryGetValue(key, out SelectionMember? described)
            ? (new Candidate(described, described.Deployments[0], memberIndex: 0, near: null), EmbeddingAttempt.IsFree(own))
            : (EmbeddingAttempt.FactsOf(own), EmbeddingAttempt.IsFree(own));
    }

    /// <summary>Makes a set whose models can be described and not asked.</summary>
    public ClientSet Silent() => new(options, builder, runtime, providers, pool, services, silent: true);

    private ModelCatalog Catalog => services.GetService<ModelCatalog>() ?? ModelCatalog.Default;

    private IChatClient Create(string name)
    {
        if (options.Compositions.Find(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } composition)
        {
            IChatClient made = composition.Create(Member.Create(composition.Members, MemberClient), runtime);
            return Wrap(name, options.BudgetsNamedBy(composition.Name) is { Count: > 0 } budgets ? new BudgetedChatClient(made, budgets) : made);
        }

        ModelRegistration model = options.Models.Find(m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? throw Unknown(name);
        if (model.Deployments.Count == 0)
        {
            return Wrap(name, Leaf(model, traits => ModelDescriber.Describe(model, FindProvider, Catalog, traits)));
        }

        SelectionMember whole = ModelDescriber.Describe(model, FindProvider, Catalog);
        DeploymentOf owner = new(whole);

        // Rules need to know the window; places of a model of which it is unknown are asked in their order.
        bool canChoose = (whole.Card.ContextWindow ?? whole.Card.MaxInputTokens) is not null;
        return new DeployedModel(new RouterChatClient(
            model.Name,
            model.Deployments.Select(deployment => new Member(deployment.Name, Wrap(name, Leaf(deployment, _ => owner)))),
            new RouterOptions { Selection = canChoose ? new SelectionOptions() : null },
            runtime));
    }

    private ModelChatClient Leaf(ModelRegistration model, Func<MemberTraits?, object> describe)
    {
        options.OwnClients.TryGetValue(model.Name, out Func<IServiceProvider, IChatClient>? own);
        if (silent && own is null)
        {
            return Describe(model, new SilentChatClient(), describe(null));
        }

        SharedLeaf leaf = pool.Hold(model, own, () =>
        {
            IChatClient made = own is not null ? own(services) : FindProvider(model.Provider)!.CreateClient(model, services);

            // Only leaves are observed by the platform's telemetry: a composition on top would count every token twice.
            return new ObservedChatClient(made, runtime.LoggerFactory);
        });
        _leaves.Add(leaf);
        return Describe(model, leaf.Client, describe(leaf.Client.GetService<MemberTraits>()));
    }

    private ModelChatClient Describe(ModelRegistration model, IChatClient leaf, object description)
    {
        SelectionMember whole = description as SelectionMember ?? ((DeploymentOf)description).Model;
        Price price = Candidate.PriceOf(whole.Card, whole.Deployments.First(deployment => deployment.Name == model.Name));
        return new ModelChatClient(model.Name, leaf, runtime, description, price) { Limits = model.Facts.Limits ?? DeploymentLimits.None };
    }

    /// <summary>Returns a member's client: of this set, or one that the application registered itself.</summary>
    public IChatClient MemberClient(string name) =>
        Names.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } exact
            ? !silent && services.GetKeyedService<IChatClient>(exact) is { } registered and not NamedChatClient ? registered : Get(exact)
            : services.GetKeyedService<IChatClient>(name) ?? throw Unknown(name);

    // Who steps in obeys the rules of every route that it steps in for: rules hold under every failure, that of money included.
    private IChatClient FindFallback(string asked, string member)
    {
        SelectionOptions[] selections = [.. SelectionsBelow(asked, []).Distinct()];
        if (selections.Length == 0)
        {
            return Get(member);
        }

        SelectionOptions rules = new()
        {
            Requirements = selections.Aggregate(Requirements.None, static (all, selection) => all.And(selection.Requirements)),
            Tenants = selections.SelectMany(selection => selection.Tenants).GroupBy(tenant => tenant.Key, StringComparer.OrdinalIgnoreCase)
                .ToDictionary(tenant => tenant.Key, tenant => tenant.Aggregate(Requirements.None, static (all, own) => all.And(own.Value)), StringComparer.OrdinalIgnoreCase),
            SensitiveTextDetector = SensitiveTextDetectors.Together(selections.Select(selection => selection.SensitiveTextDetector)),
            Seed = selections[0].Seed,
        };
        return RouteBinder.Create(asked, [new Member(member, Get(member))], new RouterOptions { Selection = rules }, runtime);
    }

    private IEnumerable<SelectionOptions> SelectionsBelow(string name, HashSet<string> seen)
    {
        if (!seen.Add(name.ToUpperInvariant()) || options.Compositions.Find(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } composition)
        {
            return [];
        }

        IEnumerable<SelectionOptions> below = composition.Members.SelectMany(member => SelectionsBelow(member.Model, seen));
        return composition.Selection is { } own ? below.Prepend(own) : below;
    }

    private IChatClient Wrap(string name, IChatClient client)
    {
        if (!builder.Pipelines.TryGetValue(name, out List<Action<ChatClientBuilder>>? pipeline))
        {
            return client;
        }

        ChatClientBuilder around = client.AsBuilder();
        pipeline.ForEach(configure => configure(around));
        return around.Build(services);
    }
}
