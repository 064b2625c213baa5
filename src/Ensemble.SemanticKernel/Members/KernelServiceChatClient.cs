using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace Ensemble;

/// <summary>
/// A Kernel's chat service as a leaf. Beside the platform's adapter it passes <see cref="ChatOptions.Instructions"/> on, which that one
/// drops, reads usage and finish reason where connectors write them, and gives HTTP errors of connectors as ours, so that a router knows
/// what they mean. It owns the service no more than a Kernel does.
/// </summary>
internal sealed class KernelServiceChatClient(IChatCompletionService service)
    : DelegatingChatClient(new WholeCallsChatCompletionService(service).AsChatClient())
{
    // Semantic Kernel's messages have no common place for a finish reason or for usage; what is read of them is not promised.
    private static readonly MemberTraits Traits = new() { ReportsFinishReason = false };

    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        try
        {
            ChatResponse response = await base.GetResponseAsync(WithInstructions(messages, options), options, cancellationToken).ConfigureAwait(false);
            AdditionalPropertiesDictionary? said = response.Messages.LastOrDefault()?.AdditionalProperties;
            response.Usage ??= KernelMetadata.Usage(said);
            response.FinishReason ??= KernelMetadata.FinishReason(said);
            return response;
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
        ChatResponseUpdate? last = null;
        UsageDetails? usage = null;
        ChatFinishReason? finish = null;
        while (true)
        {
            // An iterator cannot yield inside a try that catches.
            try
            {
                if (!await updates.MoveNextAsync().ConfigureAwait(false))
                {
                    break;
                }
            }
            catch (HttpOperationException exception)
            {
                throw Typed(exception);
            }

            // Some connectors repeat on every piece what they say of the whole; the last word counts, once.
            last = updates.Current;
            usage = KernelMetadata.Usage(last.AdditionalProperties) ?? usage;
            finish = KernelMetadata.FinishReason(last.AdditionalProperties) ?? finish;
            yield return last;
        }

        if (usage is not null || finish is not null)
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, usage is null ? [] : [new UsageContent(usage)])
            {
                FinishReason = finish,
                ModelId = last?.ModelId,
                ResponseId = last?.ResponseId,
                MessageId = last?.MessageId,
            };
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
