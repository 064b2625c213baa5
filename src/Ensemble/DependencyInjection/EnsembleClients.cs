using System.Collections.Concurrent;
using System.Collections.Frozen;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ensemble;

/// <summary>Finds clients by name, in the state of the configuration that holds now. A change of the configuration swaps all of it, or nothing.</summary>
internal sealed class EnsembleClients(
    IOptions<EnsembleOptions> options,
    IOptionsFactory<EnsembleOptions> factory,
    EnsembleBuilder builder,
    EnsembleRuntime runtime,
    IEnumerable<IModelProvider> providers,
    IServiceProvider services) : IEnsembleClients, IDisposable
{
    private readonly Lock _lock = new();
    private readonly LeafPool _pool = new();
    private readonly EmbeddingPool _embeddings = new(services);
    private readonly ConcurrentDictionary<string, NamedChatClient> _named = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConfigurationWatch _watch = new();
    private readonly Lock _reloading = new();
    private volatile ClientSet? _current;
    private MemoryLedgerStore? _forgotten;
    private bool _disposed;

    /// <summary>Gets the set that holds now; the first time it checks the configuration.</summary>
    public ClientSet Current => _current ?? Start();

    public string? DefaultName => Current.DefaultName;

    public IReadOnlyList<ModelRegistration> Models => Current.Options.Models;

    public IReadOnlyList<CompositionRegistration> Compositions => Current.Options.Compositions;

    public Ledger? Ledger => Current.Runtime.Ledger;

    public IChatClient Get(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ClientSet set = Current;
        return set.Names.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } exact
            ? services.GetKeyedService<IChatClient>(exact) ?? Named(exact)
            : services.GetKeyedService<IChatClient>(name) is { } own and not NamedChatClient ? own : throw set.Unknown(name);
    }

    /// <summary>Makes the embedding model that the container keeps under its key; what a reload says of it is made beside it.</summary>
    public IEmbeddingGenerator<string, Embedding<float>> CreateEmbeddings(string name)
    {
        ModelRegistration model = Current.Options.Embeddings.Find(embedding => embedding.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? _embeddings.Wanted(name)
            ?? throw new EnsembleException($"The configuration no longer has the embedding model '{name}'; restart the application, or write it again.");
        return _embeddings.CreateKeyed(model);
    }

    public RouteExplanation Explain(string name, IEnumerable<ChatMessage> messages, ChatOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(messages);
        return Explainer.Explain(Current, name, [.. messages], options);
    }

    /// <summary>Returns the client that stands for a name through every reload; what is wrong with it now shows at once.</summary>
    public NamedChatClient Named(string name)
    {
        if (!_reloading.IsHeldByCurrentThread)
        {
            // A reload asks the container for what it brings back, before it holds.
            _ = Current.Get(name);
        }

        return _named.GetOrAdd(name, static (key, clients) => new NamedChatClient(clients, key), this);
    }

    /// <summary>Returns the client of the default, whichever that is when a request starts.</summary>
    public IChatClient GetDefault()
    {
        _ = Get(Current.DefaultName ?? throw NoDefault(Current));
        return new NamedChatClient(this, name: null);
    }

    /// <summary>Returns the set that holds now, for one request, which leaves it at its end.</summary>
    public ClientSet Enter()
    {
        while (true)
        {
            ClientSet set = Current;
            if (set.TryEnter())
            {
                return set;
            }

            ObjectDisposedException.ThrowIf(_disposed, this);
        }
    }

    public void Dispose()
    {
        ClientSet? last;
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            last = _current;
        }

        _watch.Dispose();
        last?.Leave();
        _embeddings.Dispose();
    }

    internal static EnsembleException NoDefault(ClientSet set) => new(
        $"There is no default client: set {ConfigurationBinder.SectionName}:Default, or call SetDefault, to one of {string.Join(", ", set.Names)}.");

    private ClientSet Start()
    {
        EnsembleOptions first = options.Value;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_current is { } started)
            {
                return started;
            }

            _watch.Start(builder.Bound, Reload, reason => Log.ReloadRefused(Logger, reason));
            return _current = Create(first);
        }
    }

    private ClientSet Create(EnsembleOptions state) => new(state, builder, Paying(state), [.. providers], _pool, services);

    // The budgets are those of the state, and so change with it; the accounts stay. Without budgets a registered store still counts usage.
    private EnsembleRuntime Paying(EnsembleOptions state)
    {
        TenantTable<Requirements>? tenants = state.Tenants.Count == 0 ? null : new(state.Tenants, $"{ConfigurationBinder.SectionName}:Tenants", Requirements.None);
        FrozenDictionary<string, SelectionMember> embeddings = state.Embeddings.ToFrozenDictionary(model => model.Name, model => ModelDescriber.Describe(model, static _ => null, ModelCatalog.Default), StringComparer.OrdinalIgnoreCase);
        ILedgerStore? kept = services.GetService<ILedgerStore>();
        if (state.Budgets.Count == 0 && (kept is null || runtime.Ledger is not null))
        {
            return tenants is null && embeddings.Count == 0 ? runtime : runtime.With(runtime.Ledger, tenants, embeddings, name => _embeddings.Find(state, name));
        }

        return runtime.Ledger is null
            ? runtime.With(new Ledger(kept ?? (_forgotten ??= new MemoryLedgerStore()), state.EffectiveBudgets(), runtime.TimeProvider), tenants, embeddings, name => _embeddings.Find(state, name))
            : throw new EnsembleException("There are budgets, and a ledger on the registered EnsembleRuntime that would not obey them: leave EnsembleRuntime.Ledger out and register an ILedgerStore, or remove the budgets.");
    }

    private ILogger Logger => runtime.LoggerFactory.CreateLogger(Log.Category);

    // Two sources can change at once; the later state has to win.
    private void Reload()
    {
        lock (_reloading)
        {
            if (_watch.Problem() is { } problem)
            {
                Log.ReloadRefused(Logger, problem);
                return;
            }

            Swap();
        }
    }

    private void Swap()
    {
        ILogger logger = Logger;
        ClientSet? fresh = null;
        try
        {
            fresh = Create(factory.Create(Options.DefaultName));
            fresh.CreateAll();
            if (fresh.DefaultName is null && _current?.DefaultName is { } lost)
            {
                throw new EnsembleException($"{ConfigurationBinder.SectionName}:Default was '{lost}' and is nobody now. Name another; {NoDefault(fresh).Message}");
            }
        }
        catch (Exception exception)
        {
            // Whatever it is, such as what a delegate of the application throws: nobody is there to catch it, and requests go on with what holds.
            fresh?.Leave();
            Log.ReloadRefused(logger, exception.Message);
            return;
        }

        ClientSet? old;
        lock (_lock)
        {
            old = _disposed ? fresh : _current;
            _current = _disposed ? _current : fresh;
        }

        old?.Leave();
        Log.Reloaded(logger, fresh.Options.Models.Count, fresh.Options.Compositions.Count);
    }
}
