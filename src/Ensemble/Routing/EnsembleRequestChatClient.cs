using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// Makes one request of all the turns that function invocation takes: one deadline, one purse, one count of attempts, and one receipt that
/// holds each turn's.
/// </summary>
internal sealed class EnsembleRequestChatClient(IChatClient inner, TimeProvider time) : DelegatingChatClient(inner)
{
    private const string Kind = "request";

    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ReceiptBuilder receipt = new(Kind, Kind, time);
        (Envelope envelope, ChatOptions own) = Start(options);
        using AttemptStop stop = new(time, envelope.TimeLeft, cancellationToken);
        try
        {
            ChatResponse response = await InnerClient.GetResponseAsync(messages, own, stop.Token).ConfigureAwait(false);
            ReceiptCarrier.Attach(response, Sum(receipt, envelope));
            return response;
        }
        catch (Exception exception) when (Translate(exception, receipt, envelope, cancellationToken) is { } translated)
        {
            throw translated;
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ReceiptBuilder receipt = new(Kind, Kind, time);
        (Envelope envelope, ChatOptions own) = Start(options);
        using AttemptStop stop = new(time, envelope.TimeLeft, cancellationToken);
        IAsyncEnumerator<ChatResponseUpdate> updates = InnerClient.GetStreamingResponseAsync(messages, own, stop.Token).GetAsyncEnumerator(stop.Token);
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
            catch (Exception exception) when (Translate(exception, receipt, envelope, cancellationToken) is { } translated)
            {
                throw translated;
            }

            if (ReceiptCarrier.Detach(updates.Current, out _) is { } rest)
            {
                yield return rest;
            }
        }

        yield return ReceiptCarrier.Update(Sum(receipt, envelope));
    }

    private (Envelope Envelope, ChatOptions Options) Start(ChatOptions? options)
    {
        EnsembleRequest? request = options.GetEnsembleRequest();
        Envelope envelope = Envelope.Start(request, options?.ConversationId, time, collects: true);
        return (envelope, options.WithEnsemble(r => r with { Envelope = envelope, IsNested = false }));
    }

    // The deadline fires our token, which nobody below can tell from the caller's.
    private static DeadlineExceededException? Translate(Exception exception, ReceiptBuilder receipt, Envelope envelope, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested && envelope.TimeLeft == TimeSpan.Zero)
        {
            return new DeadlineExceededException("The deadline of the request has passed.", exception) { Receipt = Sum(receipt, envelope) };
        }

        return null;
    }

    private static Receipt Sum(ReceiptBuilder receipt, Envelope envelope)
    {
        string? answeredBy = null;
        foreach (Receipt turn in envelope.Turns)
        {
            answeredBy = turn.AnsweredBy;
            receipt.Add(new Attempt
            {
                Member = turn.Name,
                Outcome = turn.Attempts.Any(static attempt => attempt.Outcome is AttemptOutcome.Answered) ? AttemptOutcome.Answered : AttemptOutcome.Failed,
                Duration = turn.Duration,
                InputTokens = turn.InputTokens,
                CachedInputTokens = turn.CachedInputTokens,
                OutputTokens = turn.OutputTokens,
                UsageSource = turn.InputTokens is null ? UsageSource.Unknown : UsageSource.Reported,
                CostUsd = turn.CostUsd,
                Receipt = turn,
            });
        }

        return receipt.Build(answeredBy);
    }
}
