using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>A model that is resolved by its name: the leaf, paid for by the ledger, with a receipt of its own on every answer and every error.</summary>
internal sealed class ModelChatClient(string name, IChatClient leaf, EnsembleRuntime runtime, object? description = null, Price? price = null) : DelegatingChatClient(leaf), IEnsembleMember
{
    public const string Kind = "model";

    /// <summary>The key in <see cref="Exception.Data"/> under which the receipt travels on exceptions that are not ours.</summary>
    public const string ReceiptKey = "ensemble.receipt";

    private readonly Member _member = new(name, leaf);

    public string Name => name;

    // The deployments of one model share its account.
    private string Account => (description as DeploymentOf)?.Model.Name ?? name;

    private long? OutputLimit => ((description as SelectionMember) ?? (description as DeploymentOf)?.Model)?.Card.MaxOutputTokens;

    /// <summary>Gets the limits of the deployment, which routers keep to.</summary>
    public DeploymentLimits Limits { get; init; } = DeploymentLimits.None;

    private Price Price => price ?? (_member.Traits.InProcess ? Price.Local : Price.Unknown);

    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ReceiptBuilder receipt = new(name, Kind, runtime.TimeProvider);
        IReadOnlyList<ChatMessage> conversation = Composition.Materialize(messages);
        ModelPayment payment = await ModelPayment.ReserveAsync(Account, Price, runtime, conversation, options, OutputLimit, cancellationToken).ConfigureAwait(false);
        try
        {
            ChatResponse response = await InnerClient.GetResponseAsync(conversation, MemberRequest.WithoutContext(InnerClient, payment.Options), cancellationToken).ConfigureAwait(false);
            await payment.SettleAsync(response.Usage, response.Text).ConfigureAwait(false);
            ReceiptCarrier.Attach(response, Answered(receipt, payment, response.Usage, null, LeafNotes.Read(response.AdditionalProperties)));
            return response;
        }
        catch (Exception exception)
        {
            await CloseAsync(payment, exception, usage: null, received: "").ConfigureAwait(false);
            Attach(exception, Failed(receipt, payment, exception, null));
            throw;
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ReceiptBuilder receipt = new(name, Kind, runtime.TimeProvider);
        IReadOnlyList<ChatMessage> conversation = Composition.Materialize(messages);
        ModelPayment payment = await ModelPayment.ReserveAsync(Account, Price, runtime, conversation, options, OutputLimit, cancellationToken).ConfigureAwait(false);
        bool wantsReasoning = AnswerRules.WantsReasoning(options);
        UsageDetails? usage = null;
        TimeSpan? firstContent = null;
        string? note = null;
        using ReceivedText received = new();
        bool closed = false;
        try
        {
            IAsyncEnumerator<ChatResponseUpdate> updates = InnerClient
                .GetStreamingResponseAsync(conversation, MemberRequest.WithoutContext(InnerClient, payment.Options), cancellationToken).GetAsyncEnumerator(cancellationToken);
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
                catch (Exception exception)
                {
                    closed = true;
                    await CloseAsync(payment, exception, usage, received.ToString()).ConfigureAwait(false);
                    Attach(exception, Failed(receipt, payment, exception, usage));
                    throw;
                }

                ChatResponseUpdate update = updates.Current;
                IList<AIContent> contents = update.Contents;
                for (int i = 0; i < contents.Count; i++)
                {
                    AIContent content = contents[i];
                    if (content is UsageContent { Details: { } details })
                    {
                        (usage ??= new UsageDetails()).Add(details);
                    }
                    else if (firstContent is null && AnswerRules.IsContent(content, wantsReasoning))
                    {
                        firstContent = receipt.Elapsed;
                    }

                    if (content is TextContent text)
                    {
                        received.Append(text.Text);
                    }
                }

                note = LeafNotes.Read(update.AdditionalProperties) ?? note;
                yield return update;
            }

            closed = true;
            await payment.SettleAsync(usage, Counted(usage, received)).ConfigureAwait(false);
            yield return ReceiptCarrier.Update(Answered(receipt, payment, usage, firstContent, note));
        }
        finally
        {
            if (!closed)
            {
                // The caller left; what came until then was made and is billed.
                await payment.SettleAsync(usage, Counted(usage, received)).ConfigureAwait(false);
            }
        }
    }

    // IEnsembleMember is asked of this wrapper by compositions, and it takes the context off before a leaf that does not know it.
    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType == typeof(IEnsembleMember) ? this
        : serviceKey is null && serviceType.IsInstanceOfType(description) ? description
        : base.GetService(serviceType, serviceKey);

    // A refusal costs nothing; what broke in the middle has cost what came; of what was given up nobody knows more than the reserve.
    private ValueTask CloseAsync(ModelPayment payment, Exception exception, UsageDetails? usage, string received)
    {
        if (usage is not null || received.Length > 0)
        {
            return payment.SettleAsync(usage, received);
        }

        FailureClass failure = new FailureReader(runtime.FailureClassifiers, runtime.TimeProvider).Read(exception).Class;
        return failure is FailureClass.Timeout or FailureClass.Protocol or FailureClass.Unknown ? payment.ForfeitAsync() : payment.ReleaseAsync();
    }

    // What the provider has counted need not be counted here, and then no string is made of it.
    private static string Counted(UsageDetails? usage, ReceivedText received) =>
        usage is { InputTokenCount: not null, OutputTokenCount: not null } ? "" : received.ToString();

    private static void Attach(Exception exception, Receipt receipt)
    {
        if (exception is EnsembleException own)
        {
            own.Attach(receipt);
        }
        else
        {
            exception.Data[ReceiptKey] = receipt;
        }
    }

    private Receipt Answered(ReceiptBuilder receipt, ModelPayment payment, UsageDetails? usage, TimeSpan? firstContent, string? note)
    {
        string? both = note is null ? payment.Note : payment.Note is null ? note : $"{note}; {payment.Note}";
        receipt.Add(AttemptRunner.Describe(_member, AttemptOutcome.Answered, receipt.Elapsed, usage, inner: null, firstContent, note: both, costUsd: payment.CostUsd));
        return receipt.Build(name);
    }

    private Receipt Failed(ReceiptBuilder receipt, ModelPayment payment, Exception exception, UsageDetails? usage)
    {
        FailureClass failure = exception is EnsembleException own ? own.FailureClass : FailureClass.Unknown;
        receipt.Add(AttemptRunner.Describe(
            _member, AttemptOutcome.Failed, receipt.Elapsed, usage, inner: null, failure: failure, note: FailureReader.Describe(exception), costUsd: payment.CostUsd));
        return receipt.Build();
    }
}
