using Ensemble;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the hosted models of this package.</summary>
public static class ProviderEnsembleBuilderExtensions
{
    /// <summary>
    /// Registers every provider of <see cref="ProviderPresets"/>, so that models can name them: <c>"Provider": "openai"</c> in the
    /// configuration, <c>m =&gt; m.OpenAI("gpt-5-mini")</c> in code. Nothing is connected and no key is read until a model is used.
    /// </summary>
    /// <param name="builder">The ensemble.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IEnsembleBuilder AddProviders(this IEnsembleBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceCollection services = builder.Services;
        if (services.Any(service => service.ServiceType == typeof(EndpointPool)))
        {
            return builder;
        }

        services.AddSingleton<EndpointPool>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IFailureClassifier, SdkFailureClassifier>(
            static provider => new SdkFailureClassifier(provider.GetService<TimeProvider>())));
        foreach (ProviderPreset preset in ProviderPresets.All)
        {
            services.AddSingleton<IModelProvider>(new HostedModelProvider(preset));
        }

        return builder;
    }
}
