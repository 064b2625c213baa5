using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>A model that is resolved by its name: the leaf, with a receipt of its own on every answer and every typed error.</summary>
internal sealed class ModelChatClient(string name, IChatClient leaf, EnsembleRuntime runtime, object? description = null, Price? price = null) : DelegatingChatClient(leaf), IEnsembleMember
{
    public const string Kind = "model";

    private readonly Member _member = new(name, leaf);

    public string Name => name;

    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ReceiptBuilder receipt = new(name, Kind, runtime.TimeProvider);
        try
        {
            ChatResponse response = await InnerClient.GetResponseAsync(messages, MemberRequest.WithoutContext(InnerClient, options), cancellationToken).ConfigureAwait(false);
            ReceiptCarrier.Attach(response, Answered(receipt, response.Usage, null, LeafNotes.Read(response.AdditionalProperties)));
            return response;
        }
        catch (EnsembleException exception)
        {
            exception.Attach(Failed(receipt, exception, null));
            throw;
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ReceiptBuilder receipt = new(name, Kind, runtime.TimeProvider);
        bool wantsReasoning = AnswerRules.WantsReasoning(options);
        UsageDetails? usage = null;
        TimeSpan? firstContent = null;
        string? note = null;
        IAsyncEnumerator<ChatResponseUpdate> updates = InnerClient
            .GetStreamingResponseAsync(messages, MemberRequest.WithoutContext(InnerClient, options), cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using ConfiguredAsyncDisposable disposal = updates.ConfigureAwait(false);
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
            catch (EnsembleException exception)
            {
                exception.Attach(Failed(receipt, exception, usage));
                throw;
            }

            foreach (AIContent content in updates.Current.Contents)
            {
                if (content is UsageContent { Details: { } details })
                {
                    (usage ??= new UsageDetails()).Add(details);
                }
                else if (firstContent is null && AnswerRules.IsContent(content, wantsReasoning))
                {
                    firstContent = receipt.Elapsed;
                }
            }

            note = LeafNotes.Read(updates.Current.AdditionalProperties) ?? note;
            yield return updates.Current;
        }

        yield return ReceiptCarrier.Update(Answered(receipt, usage, firstContent, note));
    }

    // IEnsembleMember is asked of this wrapper by compositions, and it takes the context off before a leaf that does not know it.
    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType == typeof(IEnsembleMember) ? this
        : serviceKey is null && serviceType.IsInstanceOfType(description) ? description
        : base.GetService(serviceType, serviceKey);

    private Receipt Answered(ReceiptBuilder receipt, UsageDetails? usage, TimeSpan? firstContent, string? note)
    {
        receipt.Add(AttemptRunner.Describe(_member, AttemptOutcome.Answered, receipt.Elapsed, usage, inner: null, firstContent, note: note, costUsd: CostOf(usage)));
        return receipt.Build(name);
    }

    private Receipt Failed(ReceiptBuilder receipt, EnsembleException exception, UsageDetails? usage)
    {
        receipt.Add(AttemptRunner.Describe(
            _member, AttemptOutcome.Failed, receipt.Elapsed, usage, inner: null, failure: exception.FailureClass, note: FailureReader.Describe(exception), costUsd: CostOf(usage)));
        return receipt.Build();
    }

    private decimal? CostOf(UsageDetails? usage)
    {
        if (price is null || usage is not { InputTokenCount: { } input, OutputTokenCount: { } output } || input < 0 || output < 0)
        {
            return null;
        }

        // Providers disagree on whether the parts are within the whole; what is more than the whole is billed at the plain rate.
        long cached = Math.Clamp(usage.CachedInputTokenCount ?? 0, 0, input);
        long reasoning = Math.Clamp(usage.ReasoningTokenCount ?? 0, 0, output);
        return price.CostUsd(input, output, cached, reasoningTokens: reasoning);
    }
}
