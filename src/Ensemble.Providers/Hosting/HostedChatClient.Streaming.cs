using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Ensemble;

internal sealed partial class HostedChatClient
{
    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return StructuredAnswers.IsNeeded(_model, options)
            ? StreamWholeAsync(messages, options, cancellationToken)
            : StreamAsync(messages, options, cancellationToken);
    }

    /// <summary>An answer that has to be checked first is streamed when it is whole.</summary>
    private async IAsyncEnumerable<ChatResponseUpdate> StreamWholeAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ChatResponse response = await GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        foreach (ChatResponseUpdate update in response.ToChatResponseUpdates())
        {
            yield return update;
        }
    }

    private async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        OptionNotes notes = new(_model);
        ChatOptions? own = RequestShaper.Options(_model, options, notes);
        IEnumerable<ChatMessage> shaped = MessageShaper.Shape(_model, messages, notes);
        using AttemptClock clock = new(_model, cancellationToken);
        AttemptRecord record = new(_model, streaming: true, clock.Token);
        AnswerShaper shaper = _model.Dialect.CreateShaper(record);
        string? answeredBy = null;
        ChatFinishReason? finish = null;
        IAsyncEnumerator<ChatResponseUpdate> updates = Begin(record, clock, shaped, own, isPlain: options?.RawRepresentationFactory is null);
        try
        {
            while (true)
            {
                bool more;
                try
                {
                    ValueTask<bool> next = Next(record, updates);
                    if (next.IsCompletedSuccessfully)
                    {
                        more = next.Result;
                    }
                    else
                    {
                        // The clock runs only while the provider is waited for, never while the consumer holds an update.
                        clock.Start();
                        more = await next.ConfigureAwait(false);
                        clock.Stop();
                    }
                }
                catch (Exception error)
                {
                    throw Failures.Translate(record, clock, error);
                }

                if (!more)
                {
                    break;
                }

                ChatResponseUpdate update = updates.Current;
                shaper.Update(update);
                MessageShaper.Sign(_model, update.Contents);
                UsageCheck.Keep(update.Contents, notes);
                answeredBy ??= update.ModelId;
                finish ??= update.FinishReason;
                yield return update;
            }
        }
        finally
        {
            // The connection goes first: an SDK's own disposal may wait for bytes that never come.
            record.Abort();
            await DisposeAsync(updates).ConfigureAwait(false);
        }

        // Neither the guard nor the SDK is believed alone.
        ChatResponseUpdate? missing = shaper.End();
        if (record.FinishReason is null || (finish ?? missing?.FinishReason) is null || cancellationToken.IsCancellationRequested)
        {
            throw Failures.Unfinished(record, clock);
        }

        if (missing is not null)
        {
            yield return missing;
        }

        yield return new ChatResponseUpdate
        {
            AdditionalProperties = ProviderInfo.Write(null, record, answeredBy ?? _model.ModelId, notes.Notes),
        };
    }

    private IAsyncEnumerator<ChatResponseUpdate> Begin(AttemptRecord record, AttemptClock clock, IEnumerable<ChatMessage> messages, ChatOptions? options, bool isPlain)
    {
        using AttemptRecord.Hand hand = record.HandOver();
        try
        {
            IAsyncEnumerator<ChatResponseUpdate> updates = _sdk.GetStreamingResponseAsync(messages, options, clock.Token).GetAsyncEnumerator(clock.Token);

            // What the caller put into the SDK's own options the adapter may need to read the answer by.
            return isPlain ? _model.Dialect.Read(record, updates) : updates;
        }
        catch (Exception error)
        {
            throw Failures.Translate(record, clock, error);
        }
    }

    private static ValueTask<bool> Next(AttemptRecord record, IAsyncEnumerator<ChatResponseUpdate> updates)
    {
        if (record.IsGuarded)
        {
            // Once the guard has the answer it knows the attempt; to hand it on with every piece would make a new context each time.
            return updates.MoveNextAsync();
        }

        using AttemptRecord.Hand hand = record.HandOver();
        return updates.MoveNextAsync();
    }

    private static async ValueTask DisposeAsync(IAsyncEnumerator<ChatResponseUpdate> updates)
    {
        try
        {
            await updates.DisposeAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The answer is over or has failed already; what an SDK says while it cleans up must not replace that.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
