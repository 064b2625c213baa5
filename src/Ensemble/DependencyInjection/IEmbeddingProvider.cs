using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Makes the embedding models of one kind that the section <c>Embeddings</c> names; packages register theirs (<c>AddLocalModels()</c> registers <c>local</c>).</summary>
public interface IEmbeddingProvider
{
    /// <summary>Gets the name that stands under <c>Provider</c> in the configuration, for instance <c>local</c>.</summary>
    string Name { get; }

    /// <summary>Gets the settings that the provider understands beside <c>Provider</c> and <c>Model</c>; any other key in the configuration is an error.</summary>
    IReadOnlyCollection<string> SettingNames { get; }

    /// <summary>Gets whether the models compute in this process; they may then see every text.</summary>
    bool RunsInProcess => false;

    /// <summary>Says what is wrong with a model's settings, without making or loading anything.</summary>
    /// <param name="model">The embedding model as it is configured.</param>
    /// <returns>One message a problem, with the setting's path, its value and the fix.</returns>
    IEnumerable<string> CheckSettings(ModelRegistration model) => [];

    /// <summary>Makes one embedding model; the container disposes it.</summary>
    /// <param name="model">The embedding model as it is configured.</param>
    /// <param name="services">The application's services.</param>
    /// <returns>The embedding model.</returns>
    /// <exception cref="EnsembleException">A setting is wrong, or the model cannot be loaded.</exception>
    IEmbeddingGenerator<string, Embedding<float>> CreateGenerator(ModelRegistration model, IServiceProvider services);
}
