using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ensemble;

/// <summary>What compositions need from their surroundings; the container fills it, and code that works without one may leave it out.</summary>
public sealed class EnsembleRuntime
{
    /// <summary>Gets the surroundings of code that names none: the system's clock, no logs, no further classifiers.</summary>
    public static EnsembleRuntime Default { get; } = new();

    /// <summary>Gets the clock of timeouts and receipts.</summary>
    /// <value>The default value is <see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Gets where logs go; they never hold prompt text.</summary>
    /// <value>The default value writes nothing.</value>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Gets what classifies the exceptions of members; they are asked in order, the engine's own rules last.</summary>
    /// <value>The default value is empty.</value>
    public IReadOnlyList<IFailureClassifier> FailureClassifiers { get; init; } = [];

    /// <summary>Gets where the receipts of streams go that a caller abandoned.</summary>
    /// <value>The default value is <see langword="null"/>: nowhere.</value>
    public IReceiptSink? ReceiptSink { get; init; }

    /// <summary>Gets the ledger that pays for models; <see langword="null"/> when nobody counts.</summary>
    /// <value>The default value is <see langword="null"/>.</value>
    public Ledger? Ledger { get; init; }

    /// <summary>Gets what the tenants of the configuration require; <see langword="null"/> when it names none.</summary>
    internal TenantTable<Requirements>? Tenants { get; init; }

    /// <summary>Gets what the configuration says of embedding models, by their names.</summary>
    internal FrozenDictionary<string, SelectionMember> Embeddings { get; init; } = FrozenDictionary<string, SelectionMember>.Empty;

    /// <summary>Gets what finds sensitive data beyond the known formats, for every rule about sensitive data: of requests, tenants, routes and whatever they ask.</summary>
    /// <value>The default value is <see langword="null"/>: nothing does. The container takes all that are registered as services.</value>
    public SensitiveTextDetector? SensitiveTextDetector { get; init; }

    /// <summary>Gets the ledger of requests that bring their own cap when nobody counts otherwise.</summary>
    internal Ledger RequestLedger => field ??= new Ledger(new MemoryLedgerStore(), [], TimeProvider);

    /// <summary>Gets what makes the meter of <see cref="EnsembleTelemetry.MeterName"/>; the container's, where there is one.</summary>
    /// <value>The default value is <see langword="null"/>: the meter is shared by the process.</value>
    public IMeterFactory? MeterFactory { get; init; }

    /// <summary>Gets the instruments.</summary>
    internal EnsembleMetrics Metrics
    {
        get => field ??= MeterFactory is { } factory ? new EnsembleMetrics(factory.Create(EnsembleTelemetry.MeterName)) : EnsembleMetrics.Shared;
        private init;
    }

    /// <summary>Gets what is known of the health of every client.</summary>
    internal LaneTable Lanes { get; init; } = new();

    /// <summary>Gets the container that compositions made by it find further services in.</summary>
    internal IServiceProvider? Services { get; init; }

    /// <summary>Gets what finds an embedding model that the configuration makes; <see langword="null"/> where there is no configuration.</summary>
    internal Func<string, IEmbeddingGenerator<string, Embedding<float>>?>? FindEmbeddings { get; private init; }

    /// <summary>Returns the same surroundings with the ledger, the tenants and the embedding models of a configuration; the health of clients stays.</summary>
    internal EnsembleRuntime With(Ledger? ledger, TenantTable<Requirements>? tenants, FrozenDictionary<string, SelectionMember> embeddings, Func<string, IEmbeddingGenerator<string, Embedding<float>>?> find) => new()
    {
        TimeProvider = TimeProvider,
        LoggerFactory = LoggerFactory,
        FailureClassifiers = FailureClassifiers,
        ReceiptSink = ReceiptSink,
        MeterFactory = MeterFactory,
        Metrics = Metrics,
        Lanes = Lanes,
        Services = Services,
        SensitiveTextDetector = SensitiveTextDetector,
        Ledger = ledger,
        Tenants = tenants,
        Embeddings = embeddings,
        FindEmbeddings = find,
    };
}
