using Ensemble;
using Ensemble.Onnx;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds local embedding models to an ensemble.</summary>
public static class LocalEmbeddingsExtensions
{
    /// <summary>
    /// Adds a local embedding model: a keyed <c>IEmbeddingGenerator&lt;string, Embedding&lt;float&gt;&gt;</c>, and the unkeyed one unless
    /// the application has one. The model is loaded when it is first asked for, and the container disposes it.
    /// </summary>
    /// <param name="builder">The ensemble.</param>
    /// <param name="name">The name, and the key of the service.</param>
    /// <param name="model">The name of a shipped model, looked for in <c>models</c> beside the application, or a folder.</param>
    /// <param name="configure">Sets options; <see langword="null"/> for the defaults.</param>
    /// <returns>The ensemble.</returns>
    public static IEnsembleBuilder AddLocalEmbeddings(
        this IEnsembleBuilder builder, string name, string model, Action<OnnxEmbeddingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        builder.Services.TryAddKeyedSingleton<IEmbeddingGenerator<string, Embedding<float>>>(name, (_, _) =>
        {
            OnnxEmbeddingOptions options = new();
            configure?.Invoke(options);
            return new OnnxEmbeddingGenerator(ModelFolder.FindEncoder(model), options);
        });
        builder.Services.TryAddSingleton(services => services.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>(name));
        return builder;
    }
}
