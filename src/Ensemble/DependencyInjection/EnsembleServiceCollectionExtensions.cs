using System.Diagnostics.Metrics;
using Ensemble;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds an ensemble to an application.</summary>
public static class EnsembleServiceCollectionExtensions
{
    /// <summary>Adds the ensemble that the section <c>Ensemble</c> of the application's configuration describes; it is checked when the host starts.</summary>
    /// <param name="builder">The application.</param>
    /// <returns>A builder that adds models and compositions in code.</returns>
    public static IEnsembleBuilder AddEnsemble(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Services.AddEnsemble(builder.Configuration);
    }

    /// <summary>Adds an ensemble that is described in code alone.</summary>
    /// <param name="services">The services to add to.</param>
    /// <returns>A builder that adds models and compositions in code.</returns>
    public static IEnsembleBuilder AddEnsemble(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return Builder(services);
    }

    /// <summary>Adds the ensemble that the section <c>Ensemble</c> of a configuration describes.</summary>
    /// <param name="services">The services to add to.</param>
    /// <param name="configuration">The application's configuration, or its section <c>Ensemble</c>. Given the root, an array whose elements come from two sources is found and refused.</param>
    /// <returns>A builder that adds models and compositions in code.</returns>
    public static IEnsembleBuilder AddEnsemble(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        EnsembleBuilder builder = Builder(services);
        if (builder.Bound.Add(configuration))
        {
            services.Configure<EnsembleOptions>(options => ConfigurationBinder.Bind(configuration, options));
            foreach (string name in ConfigurationBinder.Names(configuration))
            {
                AddClient(services, name);
            }

            foreach (string name in ConfigurationBinder.EmbeddingNames(configuration))
            {
                services.TryAddKeyedSingleton<IEmbeddingGenerator<string, Embedding<float>>>(name, static (provider, key) => provider.GetRequiredService<EnsembleClients>().CreateEmbeddings((string)key!));
            }
        }

        return builder;
    }

    /// <summary>Registers the keyed client of a name.</summary>
    internal static void AddClient(IServiceCollection services, string name) =>
        services.TryAddKeyedSingleton<IChatClient>(name, static (provider, key) => provider.GetRequiredService<EnsembleClients>().Named((string)key!));

    private static EnsembleBuilder Builder(IServiceCollection services)
    {
        if (services.FirstOrDefault(service => service.ServiceType == typeof(EnsembleBuilder))?.ImplementationInstance is EnsembleBuilder existing)
        {
            return existing;
        }

        EnsembleBuilder builder = new(services);
        services.AddSingleton(builder);
        services.AddOptions<EnsembleOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EnsembleOptions>, EnsembleOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(static provider => new EnsembleRuntime
        {
            TimeProvider = provider.GetRequiredService<TimeProvider>(),
            LoggerFactory = provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance,
            FailureClassifiers = [.. provider.GetServices<IFailureClassifier>()],
            ReceiptSink = provider.GetService<IReceiptSink>(),
            MeterFactory = provider.GetService<IMeterFactory>(),
            SensitiveTextDetector = SensitiveTextDetectors.Together(provider.GetServices<SensitiveTextDetector>()),
            Services = provider,
        });
        services.TryAddSingleton<EnsembleClients>();
        services.TryAddSingleton<IEnsembleClients>(static provider => provider.GetRequiredService<EnsembleClients>());
        services.TryAddSingleton<IChatClient>(static provider => provider.GetRequiredService<EnsembleClients>().GetDefault());
        return builder;
    }
}
