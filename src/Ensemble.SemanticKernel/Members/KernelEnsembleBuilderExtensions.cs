using Ensemble;
using Microsoft.SemanticKernel.ChatCompletion;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds what a Kernel holds to an ensemble.</summary>
public static class KernelEnsembleBuilderExtensions
{
    /// <summary>
    /// Adds a chat service that is registered among the same services, by a connector's <c>AddOpenAIChatCompletion</c> for instance, as a model
    /// of the ensemble. See <see cref="KernelServiceExtensions.AsEnsembleMember"/>.
    /// </summary>
    /// <param name="builder">The ensemble.</param>
    /// <param name="name">The name of the model: letters, digits and underscores, a letter first.</param>
    /// <param name="serviceId">The service id; <see langword="null"/> takes the service that has none.</param>
    /// <param name="configure">Says what is known of the model: price, quality, place; provider, settings and deployments do not count.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IEnsembleBuilder AddKernelService(this IEnsembleBuilder builder, string name, string? serviceId = null, Action<ModelOptions>? configure = null) =>
        builder.AddModel(name, services => services.GetRequiredKeyedService<IChatCompletionService>(serviceId).AsEnsembleMember(), configure);
}
