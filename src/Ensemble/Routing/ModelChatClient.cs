using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>A model that is resolved by its name: the leaf, with a receipt of its own on every answer.</summary>
internal sealed class ModelChatClient(string name, IChatClient leaf, EnsembleRuntime runtime) : DelegatingChatClient(leaf), IEnsembleMember
{
    public const string Kind = "model";

    private readonly Member _member = new(name, leaf);

    public string Name => name;

    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ReceiptBuilder receipt = new(name, Kind, runtime.TimeProvider);
        ChatResponse response = await InnerClient.GetResponseAsync(messages, MemberRequest.WithoutContext(InnerClient, options), cancellationToken).ConfigureAwait(false);
        ReceiptCarrier.Attach(response, Finish(receipt, response.Usage, null));
        return response;
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ReceiptBuilder receipt = new(name, Kind, runtime.TimeProvider);
        long start = runtime.TimeProvider.GetTimestamp();
        bool wantsReasoning = AnswerRules.WantsReasoning(options);
        UsageDetails? usage = null;
        TimeSpan? firstContent = null;
        await foreach (ChatResponseUpdate update in InnerClient.GetStreamingResponseAsync(messages, MemberRequest.WithoutContext(InnerClient, options), cancellationToken).ConfigureAwait(false))
        {
            foreach (AIContent content in update.Contents)
            {
                if (content is UsageContent { Details: { } details })
                {
                    (usage ??= new UsageDetails()).Add(details);
                }
                else if (firstContent is null && AnswerRules.IsContent(content, wantsReasoning))
                {
                    firstContent = runtime.TimeProvider.GetElapsedTime(start);
                }
            }

            yield return update;
        }

        yield return ReceiptCarrier.Update(Finish(receipt, usage, firstContent));
    }

    // IEnsembleMember is asked of this wrapper by compositions, and it takes the context off before a leaf that does not know it.
    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType == typeof(IEnsembleMember) ? this : base.GetService(serviceType, serviceKey);

    private Receipt Finish(ReceiptBuilder receipt, UsageDetails? usage, TimeSpan? firstContent)
    {
        receipt.Add(AttemptRunner.Describe(_member, AttemptOutcome.Answered, receipt.Elapsed, usage, inner: null, firstContent));
        return receipt.Build(name);
    }
}
