using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.Services;

namespace Ensemble;

/// <summary>
/// Chooses the service of a prompt function: the names of an ensemble are service ids and model ids. What the ensemble does not know is
/// looked for among the Kernel's own services; whoever names nothing gets the default of the ensemble.
/// </summary>
internal sealed class EnsembleServiceSelector(KernelChats chats) : IAIServiceSelector, IChatClientSelector
{
    public bool TrySelectAIService<T>(
        Kernel kernel, KernelFunction function, KernelArguments arguments, [NotNullWhen(true)] out T? service, out PromptExecutionSettings? serviceSettings)
        where T : class, IAIService => TrySelect(kernel, function, arguments, static chat => chat.Service as T, out service, out serviceSettings);

    public bool TrySelectChatClient<T>(
        Kernel kernel, KernelFunction function, KernelArguments arguments, [NotNullWhen(true)] out T? service, out PromptExecutionSettings? serviceSettings)
        where T : class, IChatClient => TrySelect(kernel, function, arguments, static chat => chat.Client as T, out service, out serviceSettings);

    private bool TrySelect<T>(
        Kernel kernel,
        KernelFunction function,
        KernelArguments arguments,
        Func<KernelChat, T?> read,
        [NotNullWhen(true)] out T? service,
        out PromptExecutionSettings? serviceSettings)
        where T : class
    {
        IReadOnlyDictionary<string, PromptExecutionSettings> settings = arguments.ExecutionSettings ?? function.ExecutionSettings ?? new Dictionary<string, PromptExecutionSettings>();
        foreach ((string id, PromptExecutionSettings own) in settings)
        {
            if (!IsDefault(id) && (Find(id, read) ?? (kernel.Services as IKeyedServiceProvider)?.GetKeyedService<T>(id)) is { } named)
            {
                (service, serviceSettings) = (named, own);
                return true;
            }
        }

        foreach (PromptExecutionSettings own in settings.Values)
        {
            if (own.ModelId is { Length: > 0 } model && Find(model, read) is { } named)
            {
                (service, serviceSettings) = (named, own);
                return true;
            }
        }

        // Settings that name nobody we know are a mistake; the Kernel says so when no service is selected.
        serviceSettings = settings.FirstOrDefault(pair => IsDefault(pair.Key)).Value;
        service = settings.Count > 0 && serviceSettings is null ? null
            : (chats.DefaultName is { } name ? Find(name, read) : null) ?? kernel.GetAllServices<T>().LastOrDefault();
        return service is not null;
    }

    private static bool IsDefault(string id) => id.Length == 0 || id.Equals(PromptExecutionSettings.DefaultServiceId, StringComparison.OrdinalIgnoreCase);

    private T? Find<T>(string name, Func<KernelChat, T?> read)
        where T : class => chats.TryGet(name, out KernelChat? chat) ? read(chat) : null;
}
