using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// Makes one request of all the turns that function invocation takes: one deadline, one purse, one count of attempts, and one receipt that
/// holds each turn's. Within another request it is a part of that: its limits never reach beyond those of the whole, and it pays from the same purse.
/// </summary>
internal sealed class EnsembleRequestChatClient(IChatClient inner, TimeProvider time) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        using EnsembleRequestRun run = new(options, time, cancellationToken);
        try
        {
            ChatResponse response = await run.Stop.HoldAsync(InnerClient.GetResponseAsync(messages, run.Options, run.Stop.Token)).ConfigureAwait(false);
            if (response.GetReceipt() is { } receipt)
            {
                run.Found(receipt);
            }

            ReceiptCarrier.Attach(response, run.Answered());
            return response;
        }
        catch (Exception exception)
        {
            Exception error = run.Failed(exception);
            if (error != exception)
            {
                throw error;
            }

            throw;
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using EnsembleRequestRun run = new(options, time, cancellationToken);
        StreamPump updates = new(InnerClient.GetStreamingResponseAsync(messages, run.Options, run.Stop.Token).GetAsyncEnumerator(run.Stop.Token), run.CloseFailed);
        run.Stop.WhenOver(updates.Leave);
        bool settled = false;
        try
        {
            while (true)
            {
                // An iterator cannot yield inside a try that catches.
                try
                {
                    if (!await MoveNextAsync(updates, run.Stop).ConfigureAwait(false))
                    {
                        break;
                    }
                }
                catch (Exception exception)
                {
                    settled = true;
                    Exception error = run.Failed(exception);
                    if (error != exception)
                    {
                        throw error;
                    }

                    throw;
                }

                ChatResponseUpdate? rest = ReceiptCarrier.Detach(updates.Current, out Receipt? receipt);
                if (receipt is not null)
                {
                    run.Found(receipt);
                }

                if (rest is not null)
                {
                    yield return rest;
                }
            }

            settled = true;
            yield return ReceiptCarrier.Update(run.Answered());
        }
        finally
        {
            run.Leave();
            await run.Stop.HoldAsync(updates).ConfigureAwait(false);
            if (!settled)
            {
                run.Abandoned();
            }
        }
    }

    private static ValueTask<bool> MoveNextAsync(StreamPump updates, AttemptStop stop)
    {
        ValueTask<bool> next = updates.MoveNextAsync();
        if (!next.IsCompleted && stop.IsOver)
        {
            // The grace ended while the consumer held an update.
            updates.Leave();
        }

        return next;
    }
}
