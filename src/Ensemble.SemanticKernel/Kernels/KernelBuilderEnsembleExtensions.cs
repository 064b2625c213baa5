using Ensemble;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.SemanticKernel.ChatCompletion;

namespace Microsoft.SemanticKernel;

/// <summary>Puts ensembles into a Kernel.</summary>
public static class KernelBuilderEnsembleExtensions
{
    /// <summary>
    /// Adds a model or composition of the application's ensemble as a chat completion service. Functions of the Kernel are invoked when the
    /// execution settings say so, and the receipt stands in the metadata of each answer. The same name resolves an <see cref="IChatClient"/>
    /// already, without function invocation, because compositions ask it too; another service id gets one with it.
    /// </summary>
    /// <param name="builder">The Kernel; <c>AddEnsemble</c> is called on its <see cref="IKernelBuilder.Services"/>.</param>
    /// <param name="name">The name of the model or composition; one that does not exist is an <see cref="EnsembleException"/> when the service is first resolved.</param>
    /// <param name="serviceId">The service id; <see langword="null"/> takes the name.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IKernelBuilder AddEnsembleChat(this IKernelBuilder builder, string name, string? serviceId = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        AddChats(builder.Services);
        builder.Services.AddKeyedSingleton<IChatCompletionService>(serviceId ?? name, (provider, _) => provider.GetRequiredService<KernelChats>().Get(name).Service);
        if (serviceId is not null && !serviceId.Equals(name, StringComparison.OrdinalIgnoreCase))
        {
            builder.Services.AddKeyedSingleton(serviceId, (provider, _) => provider.GetRequiredService<KernelChats>().Get(name).Client);
        }

        return builder;
    }

    /// <summary>
    /// Adds an ensemble that was made with <c>new</c>, as a chat completion service and as an <see cref="IChatClient"/>, both with function
    /// invocation and with the receipt in the metadata of each answer.
    /// </summary>
    /// <param name="builder">The Kernel.</param>
    /// <param name="ensemble">The ensemble; whoever made it disposes it.</param>
    /// <param name="serviceId">The service id.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IKernelBuilder AddEnsembleChat(this IKernelBuilder builder, IChatClient ensemble, string? serviceId = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(ensemble);
        builder.Services.AddKeyedSingleton(serviceId, (provider, _) => new KernelChat(ensemble, provider).Client);
        builder.Services.AddKeyedSingleton<IChatCompletionService>(serviceId, (provider, _) => new KernelChat(ensemble, provider).Service);
        return builder;
    }

    /// <summary>
    /// Lets prompt functions choose a model or composition of the application's ensemble by its name: as service id or as model id of their
    /// execution settings. A function that names none gets the ensemble's default. No <see cref="AddEnsembleChat(IKernelBuilder, string, string?)"/> is needed.
    /// </summary>
    /// <param name="builder">The Kernel; <c>AddEnsemble</c> is called on its <see cref="IKernelBuilder.Services"/>.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IKernelBuilder AddEnsembleSelector(this IKernelBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        AddChats(builder.Services);
        builder.Services.AddSingleton<IAIServiceSelector, EnsembleServiceSelector>();
        return builder;
    }

    private static void AddChats(IServiceCollection services) => services.TryAddSingleton<KernelChats>();
}
