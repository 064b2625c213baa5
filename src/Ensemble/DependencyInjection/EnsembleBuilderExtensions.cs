using Ensemble;
using Microsoft.Extensions.AI;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds models and compositions in code; what JSON can say, these can say too.</summary>
public static class EnsembleBuilderExtensions
{
    /// <summary>Adds a model that a registered provider makes.</summary>
    /// <param name="builder">The ensemble.</param>
    /// <param name="name">The name of the model: letters, digits and underscores, a letter first.</param>
    /// <param name="configure">Says which provider and which model.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IEnsembleBuilder AddModel(this IEnsembleBuilder builder, string name, Action<ModelOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(configure);
        ModelOptions model = new();
        configure(model);
        ModelRegistration registration = model.Register(name, $"AddModel(\"{name}\")");
        builder.Services.Configure<EnsembleOptions>(options => options.Models.Add(registration));
        EnsembleServiceCollectionExtensions.AddClient(builder.Services, name);
        return builder;
    }

    /// <summary>Adds a model whose client the application makes itself.</summary>
    /// <param name="builder">The ensemble.</param>
    /// <param name="name">The name of the model: letters, digits and underscores, a letter first.</param>
    /// <param name="client">Makes the client, once; the container disposes it.</param>
    /// <param name="configure">Says what is known of the model: price, quality, place; provider, settings and deployments do not count.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IEnsembleBuilder AddModel(this IEnsembleBuilder builder, string name, Func<IServiceProvider, IChatClient> client, Action<ModelOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(client);
        ModelOptions facts = new();
        configure?.Invoke(facts);
        ModelRegistration registration = new() { Name = name, Provider = ModelRegistration.OwnClient, Model = facts.Model, Path = $"AddModel(\"{name}\")", Facts = facts };
        builder.Services.Configure<EnsembleOptions>(options =>
        {
            options.Models.Add(registration);
            options.OwnClients.TryAdd(name, client);
        });
        EnsembleServiceCollectionExtensions.AddClient(builder.Services, name);
        return builder;
    }

    /// <summary>Adds a router that asks its members in order until one answers.</summary>
    /// <param name="builder">The ensemble.</param>
    /// <param name="name">The name of the router.</param>
    /// <param name="members">The members in order, as in the configuration: <c>"local, mini"</c>.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentException">An option or the list of members cannot be read.</exception>
    public static IEnsembleBuilder AddRouter(this IEnsembleBuilder builder, string name, string members, Action<RouterOptions>? configure = null) =>
        builder.AddRouter(name, MemberList.Parse(members), configure);

    /// <summary>Adds a router that asks its members in order until one answers.</summary>
    /// <param name="builder">The ensemble.</param>
    /// <param name="name">The name of the router.</param>
    /// <param name="members">The members in order.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static IEnsembleBuilder AddRouter(this IEnsembleBuilder builder, string name, IEnumerable<MemberOptions> members, Action<RouterOptions>? configure = null)
    {
        RouterOptions router = new();
        configure?.Invoke(router);
        router.Validate();
        return Add(builder, name, "route", "AddRouter", members, (found, runtime) => RouteBinder.Create(name, found, router, runtime), router.Selection);
    }

    /// <summary>Adds a panel whose members answer independently and vote.</summary>
    /// <param name="builder">The ensemble.</param>
    /// <param name="name">The name of the panel.</param>
    /// <param name="members">The members, as in the configuration: <c>"local*5"</c>.</param>
    /// <param name="configure">Says how ballots are read.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentException">An option or the list of members cannot be read.</exception>
    public static IEnsembleBuilder AddPanel(this IEnsembleBuilder builder, string name, string members, Action<PanelOptions>? configure = null) =>
        builder.AddPanel(name, MemberList.Parse(members), configure);

    /// <summary>Adds a panel whose members answer independently and vote.</summary>
    /// <param name="builder">The ensemble.</param>
    /// <param name="name">The name of the panel.</param>
    /// <param name="members">The members; several may be variations of one model.</param>
    /// <param name="configure">Says how ballots are read.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static IEnsembleBuilder AddPanel(this IEnsembleBuilder builder, string name, IEnumerable<MemberOptions> members, Action<PanelOptions>? configure = null)
    {
        PanelOptions panel = new();
        configure?.Invoke(panel);
        panel.Validate();
        return Add(builder, name, "panel", "AddPanel", members, (found, runtime) => new PanelChatClient(name, found, panel, runtime));
    }

    /// <summary>Adds a cascade that asks its members in order, the cheapest first, until an answer is sure enough.</summary>
    /// <param name="builder">The ensemble.</param>
    /// <param name="name">The name of the cascade.</param>
    /// <param name="members">The members in order, as in the configuration: <c>"local, mini"</c>.</param>
    /// <param name="configure">Says when an answer is not sure enough.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentException">No limit is set, there is one member only, or an option or the list of members cannot be read.</exception>
    public static IEnsembleBuilder AddCascade(this IEnsembleBuilder builder, string name, string members, Action<CascadeOptions> configure) =>
        builder.AddCascade(name, MemberList.Parse(members), configure);

    /// <summary>Adds a cascade that asks its members in order, the cheapest first, until an answer is sure enough.</summary>
    /// <param name="builder">The ensemble.</param>
    /// <param name="name">The name of the cascade.</param>
    /// <param name="members">The members in order.</param>
    /// <param name="configure">Says when an answer is not sure enough.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentException">No limit is set, there is one member only, or an option is out of range.</exception>
    public static IEnsembleBuilder AddCascade(this IEnsembleBuilder builder, string name, IEnumerable<MemberOptions> members, Action<CascadeOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        CascadeOptions cascade = new();
        configure(cascade);
        cascade.Validate();
        IReadOnlyList<MemberOptions> list = [.. members];
        return CascadeBinder.ProblemWith(list) is { } problem ? throw new ArgumentException(problem, nameof(members))
            : Add(builder, name, CascadeChatClient.Kind, "AddCascade", list, (found, runtime) => new CascadeChatClient(name, found, cascade, runtime));
    }

    /// <summary>Adds a classifier: bagged voters of a small model, an embedding member, or both, fitted to labelled examples.</summary>
    /// <param name="builder">The ensemble.</param>
    /// <param name="name">The name of the classifier.</param>
    /// <param name="members">The language model of the voters, and the member that is deferred to, as in the configuration: <c>"local, mini"</c>; empty for an embedding member alone.</param>
    /// <param name="configure">Gives the examples, the key of the embedding model, and says when to defer.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentException">Nobody classifies, an option is out of range, or the list of members cannot be read.</exception>
    public static IEnsembleBuilder AddClassifier(this IEnsembleBuilder builder, string name, string members, Action<ClassifierOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(configure);
        ClassifierOptions classifier = new();
        configure(classifier);
        classifier.Validate();
        IReadOnlyList<MemberOptions> list = members.Length == 0 ? [] : MemberList.Parse(members);
        string[] names = [.. list.SelectMany(member => Enumerable.Repeat(member.Name ?? member.Model, member.Count))];
        return ClassifierChatClient.ProblemWith(names, classifier.DeferTo, classifier.Embeddings is not null) is { } problem
            ? throw new ArgumentException(problem, nameof(members))
            : Add(builder, name, ClassifierChatClient.Kind, "AddClassifier", list, (found, runtime) => ClassifyBinder.Create(name, found, classifier, runtime), embeddings: classifier.Embeddings);
    }

    /// <summary>Adds a cap on spending. All but those of requests and conversations must outlive the process: they need a ledger on disk, such as that of <c>AddSqliteLedger</c>.</summary>
    /// <param name="builder">The ensemble.</param>
    /// <param name="budget">The cap.</param>
    /// <param name="compositions">The compositions whose spending counts; none for all spending.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IEnsembleBuilder AddBudget(this IEnsembleBuilder builder, Budget budget, params string[] compositions)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(budget);
        ArgumentNullException.ThrowIfNull(compositions);
        builder.Services.Configure<EnsembleOptions>(options =>
        {
            options.Budgets.Add((budget, $"AddBudget(\"{budget.Name}\")"));
            options.BudgetsOf.AddRange(compositions.Select(composition => (composition, budget.Name)));
        });
        return builder;
    }

    /// <summary>Says who decides when a budget cannot pay for a call, in place of the budget's own <c>OnExhausted</c>.</summary>
    /// <param name="builder">The ensemble.</param>
    /// <param name="budget">The name of a budget of the configuration or of the code.</param>
    /// <param name="decide">Decides: <see cref="BudgetDecision.Refuse"/>, <see cref="BudgetDecision.Allow"/> or <see cref="BudgetDecision.DegradeTo"/>.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IEnsembleBuilder OnBudgetExhausted(this IEnsembleBuilder builder, string budget, BudgetCallback decide)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(budget);
        ArgumentNullException.ThrowIfNull(decide);
        builder.Services.Configure<EnsembleOptions>(options => options.BudgetCallbacks[budget] = decide);
        return builder;
    }

    /// <summary>Puts the platform's middleware around a model or composition: caching, logging, function invocation.</summary>
    /// <param name="builder">The ensemble.</param>
    /// <param name="name">The name of the model or composition.</param>
    /// <param name="configure">Adds the middleware; what is added first is outermost.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IEnsembleBuilder ConfigureClient(this IEnsembleBuilder builder, string name, Action<ChatClientBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(configure);
        Dictionary<string, List<Action<ChatClientBuilder>>> pipelines = Own(builder).Pipelines;
        if (!pipelines.TryGetValue(name, out List<Action<ChatClientBuilder>>? pipeline))
        {
            pipelines[name] = pipeline = [];
        }

        pipeline.Add(configure);
        return builder;
    }

    /// <summary>Names the model or composition that the unkeyed <see cref="IChatClient"/> stands for.</summary>
    /// <param name="builder">The ensemble.</param>
    /// <param name="name">The name.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IEnsembleBuilder SetDefault(this IEnsembleBuilder builder, string name)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        builder.Services.Configure<EnsembleOptions>(options => (options.Default, options.DefaultPath) = (name, $"SetDefault(\"{name}\")"));
        return builder;
    }

    internal static IEnsembleBuilder Add(IEnsembleBuilder builder, string name, string kind, string call, IEnumerable<MemberOptions> members, CompositionFactory create, SelectionOptions? selection = null, string? embeddings = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(members);
        CompositionRegistration registration = new(name, kind, [.. members], $"{call}(\"{name}\")", create) { Selection = selection, Embeddings = embeddings };
        builder.Services.Configure<EnsembleOptions>(options => options.Compositions.Add(registration));
        EnsembleServiceCollectionExtensions.AddClient(builder.Services, name);
        return builder;
    }

    private static EnsembleBuilder Own(IEnsembleBuilder builder) =>
        builder as EnsembleBuilder ?? throw new ArgumentException("Use the builder that AddEnsemble returned.", nameof(builder));
}
