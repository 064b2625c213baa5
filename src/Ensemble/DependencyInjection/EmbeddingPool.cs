using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Ensemble;

/// <summary>
/// The embedding models of the configuration. The container makes each once, under its key; what a reload adds, or says anew of its
/// provider, its model or its settings, is made here: rules go by what the configuration says of a model, so it must be that model.
/// Kept until the end, because requests in flight may still ask it. Thread-safe.
/// </summary>
internal sealed class EmbeddingPool(IServiceProvider services) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ModelRegistration> _keyed = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ModelRegistration> _wanted = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(ModelRegistration Model, IEmbeddingGenerator<string, Embedding<float>> Generator)> _made = [];

    /// <summary>Makes the one that the container keeps under the key.</summary>
    public IEmbeddingGenerator<string, Embedding<float>> CreateKeyed(ModelRegistration model)
    {
        lock (_lock)
        {
            _keyed[model.Name] = model;
        }

        return Create(model);
    }

    /// <summary>Says what a configuration that does not hold yet says of a name; <see langword="null"/> for nothing.</summary>
    public ModelRegistration? Wanted(string name)
    {
        lock (_lock)
        {
            return _wanted.GetValueOrDefault(name);
        }
    }

    /// <summary>Finds the one that a configuration describes; <see langword="null"/> when it makes none of this name.</summary>
    public IEmbeddingGenerator<string, Embedding<float>>? Find(EnsembleOptions state, string name)
    {
        if (state.Embeddings.Find(embedding => embedding.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { Provider.Length: > 0 } model)
        {
            return null;
        }

        lock (_lock)
        {
            _wanted[name] = model;
        }

        // What an application has registered itself under the key stands before what the configuration makes.
        IEmbeddingGenerator<string, Embedding<float>>? kept = services.GetKeyedService<IEmbeddingGenerator<string, Embedding<float>>>(name);
        lock (_lock)
        {
            if (kept is not null && (!_keyed.TryGetValue(name, out ModelRegistration? first) || SharedLeaf.AreSame(first, model)))
            {
                return kept;
            }

            if (_made.Find(made => SharedLeaf.AreSame(made.Model, model)) is { Generator: { } known })
            {
                return known;
            }
        }

        // A provider's code runs outside of the lock; reloads come one after the other.
        IEmbeddingGenerator<string, Embedding<float>> generator = Create(model);
        lock (_lock)
        {
            _made.Add((model, generator));
        }

        return generator;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _made.ForEach(made => made.Generator.Dispose());
            _made.Clear();
        }
    }

    private IEmbeddingGenerator<string, Embedding<float>> Create(ModelRegistration model) =>
        services.GetServices<IEmbeddingProvider>().First(provider => provider.Name.Equals(model.Provider, StringComparison.OrdinalIgnoreCase)).CreateGenerator(model, services);
}
