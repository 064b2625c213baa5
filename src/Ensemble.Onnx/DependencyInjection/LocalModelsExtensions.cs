using Ensemble;
using Ensemble.Onnx;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds models that run in this process to an ensemble.</summary>
public static class LocalModelsExtensions
{
    /// <summary>Registers the provider <c>local</c>, so that a model, or an embedding model, with <c>"Provider": "local"</c> runs in this process, and <c>local-classifier</c> for classifiers (<see cref="OnnxClassifier"/>); calling it twice changes nothing.</summary>
    /// <param name="builder">The ensemble.</param>
    /// <returns>The ensemble.</returns>
    public static IEnsembleBuilder AddLocalModels(this IEnsembleBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IModelProvider, LocalModelProvider>());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IModelProvider, LocalClassifierProvider>());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IEmbeddingProvider, LocalEmbeddingProvider>());
        return builder;
    }
}
