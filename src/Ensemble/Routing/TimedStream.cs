using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Ensemble;

/// <summary>The stream of a model that is asked by its own name and has a deadline: it is cut when the time is over, whoever holds an update then, and left when it does not obey.</summary>
internal static class TimedStream
{
    /// <summary>Reads a stream until it ends or its time is over.</summary>
    /// <exception cref="DeadlineExceededException">The time is over; what came until then has been handed on.</exception>
    public static async IAsyncEnumerable<ChatResponseUpdate> Read(
        ModelChatClient model, IReadOnlyList<ChatMessage> messages, ChatOptions? options, ModelPayment payment, TimeSpan limit, Action<Receipt>? holder, [EnumeratorCancellation] CancellationToken caller = default)
    {
        using AttemptStop stop = new(model.Runtime.TimeProvider, limit, caller);
        PaidStream stream = new(model, messages, options, payment, givesReceipt: true, stop.Token) { Limit = (stop, caller), Holder = holder };
        StreamPump updates = new(stream, failure => Log.DisposeFailed(model.Runtime.LoggerFactory.CreateLogger(Log.Category), failure.GetType().Name, model.Name));
        stop.WhenOver(updates.Leave);
        try
        {
            while (true)
            {
                // An iterator cannot yield inside a try that catches.
                try
                {
                    if (!await MoveNextAsync(updates, stop).ConfigureAwait(false))
                    {
                        break;
                    }
                }
                catch (TimeoutException exception) when (stop.IsOver)
                {
                    // The model did not obey its token, so its stream has not told of it.
                    Exception error = model.Stopped(exception, stop, caller);
                    model.Failed(error, payment, usage: null);
                    model.HandOn(payment, error);
                    throw error;
                }

                yield return updates.Current;
            }
        }
        finally
        {
            await stop.HoldAsync(updates).ConfigureAwait(false);
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
