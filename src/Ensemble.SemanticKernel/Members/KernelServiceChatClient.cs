using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace Ensemble;

/// <summary>
/// A Kernel's chat service as a leaf. Beside the platform's adapter it passes <see cref="ChatOptions.Instructions"/> on, which that one
/// drops, and gives HTTP errors of connectors as ours, so that a router knows what they mean. It owns the service no more than a Kernel does.
/// </summary>
internal sealed class KernelServiceChatClient(IChatCompletionService service)
    : DelegatingChatClient(new WholeCallsChatCompletionService(service).AsChatClient())
{
    // Semantic Kernel's messages have no common place for a finish reason or for usage.
    private static readonly MemberTraits Traits = new() { ReportsFinishReason = false };

    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        try
        {
            return await base.GetResponseAsync(WithInstructions(messages, options), options, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpOperationException exception)
        {
            throw Typed(exception);
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        IAsyncEnumerator<ChatResponseUpdate> updates = base.GetStreamingResponseAsync(WithInstructions(messages, options), options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using ConfiguredAsyncDisposable disposal = updates.ConfigureAwait(false);
        while (true)
        {
            // An iterator cannot yield inside a try that catches.
            try
            {
                if (!await updates.MoveNextAsync().ConfigureAwait(false))
                {
                    yield break;
                }
            }
            catch (HttpOperationException exception)
            {
                throw Typed(exception);
            }

            yield return updates.Current;
        }
    }

    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(MemberTraits) ? Traits
            : serviceType.IsInstanceOfType(service) ? service
            : base.GetService(serviceType);
    }

    // The platform's adapter would dispose the service.
    protected override void Dispose(bool disposing) => base.Dispose(disposing: false);

    private static IEnumerable<ChatMessage> WithInstructions(IEnumerable<ChatMessage> messages, ChatOptions? options) =>
        string.IsNullOrEmpty(options?.Instructions) ? messages : messages.Prepend(new ChatMessage(ChatRole.System, options.Instructions));

    private static ModelHttpException Typed(HttpOperationException exception)
    {
        int status = (int?)exception.StatusCode ?? 0;
        return new ModelHttpException(string.Create(CultureInfo.InvariantCulture, $"The service answered with HTTP {status}."), exception)
        {
            StatusCode = status,
            Body = exception.ResponseContent,
        };
    }
}
