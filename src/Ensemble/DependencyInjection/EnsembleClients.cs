using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Ensemble;

/// <summary>Makes the clients; the container keeps and disposes them, because each is resolved through its key.</summary>
internal sealed class EnsembleClients(
    IOptions<EnsembleOptions> options,
    EnsembleBuilder builder,
    EnsembleRuntime runtime,
    IEnumerable<IModelProvider> providers,
    IServiceProvider services) : IEnsembleClients
{
    private EnsembleOptions Options => options.Value;

    public string? DefaultName => Options.Default ?? OnlyName;

    public IReadOnlyList<ModelRegistration> Models => Options.Models;

    public IReadOnlyList<CompositionRegistration> Compositions => Options.Compositions;

    private IEnumerable<string> Names => Options.Compositions.Select(c => c.Name).Concat(Options.Models.Select(m => m.Name));

    private string? OnlyName => Names.Take(2).ToArray() is [string only] ? only : null;

    public IChatClient Get(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        string exact = Names.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? name;
        return services.GetKeyedService<IChatClient>(exact) ?? throw Unknown(name);
    }

    public IChatClient GetDefault() => DefaultName is { } name
        ? Get(name)
        : throw new EnsembleException(
            $"There is no default client: set {ConfigurationBinder.SectionName}:Default, or call SetDefault, to one of {string.Join(", ", Names)}.");

    /// <summary>Makes the client of a name; the keyed registration calls it once.</summary>
    public IChatClient Create(string name)
    {
        CompositionRegistration? composition = Options.Compositions.Find(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (composition is not null)
        {
            return Wrap(name, composition.Create(Member.Create(composition.Members, Get), runtime));
        }

        ModelRegistration model = Options.Models.Find(m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? throw Unknown(name);
        IChatClient leaf = Options.OwnClients.TryGetValue(name, out Func<IServiceProvider, IChatClient>? own)
            ? own(services)
            : providers.First(p => p.Name.Equals(model.Provider, StringComparison.OrdinalIgnoreCase)).CreateClient(model, services);

        // Only leaves are observed by the platform's telemetry: a composition on top would count every token twice.
        IChatClient observed = leaf.AsBuilder().UseOpenTelemetry(runtime.LoggerFactory, EnsembleTelemetry.SourceName).Build(services);
        return Wrap(name, new ModelChatClient(model.Name, observed, runtime));
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

    private EnsembleException Unknown(string name) => new(
        $"No model or composition is called '{name}'.{Suggestion.For(name, Names)} Known: {string.Join(", ", Names)}.");
}
