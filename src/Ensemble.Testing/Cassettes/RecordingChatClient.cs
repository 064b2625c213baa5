using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Ensemble.Testing;

/// <summary>Passes calls on and records the answers that came to their end. After a failure nothing is written.</summary>
internal sealed class RecordingChatClient(IChatClient inner, Cassette cassette, string? saveTo) : DelegatingChatClient(inner)
{
    private volatile bool _failed;

    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ChatMessage[] asked = [.. messages];
        try
        {
            ChatResponse response = await base.GetResponseAsync(asked, options, cancellationToken).ConfigureAwait(false);
            cassette.Add(asked, options, response.ToChatResponseUpdates());
            return response;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            _failed = true;
            throw;
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ChatMessage[] asked = [.. messages];
        List<ChatResponseUpdate> updates = [];
        IAsyncEnumerator<ChatResponseUpdate> answer = base.GetStreamingResponseAsync(asked, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using ConfiguredAsyncDisposable closing = answer.ConfigureAwait(false);
        while (true)
        {
            try
            {
                if (!await answer.MoveNextAsync().ConfigureAwait(false))
                {
                    break;
                }
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
            {
                _failed = true;
                throw;
            }

            updates.Add(answer.Current);
            yield return answer.Current;
        }

        cassette.Add(asked, options, updates);
    }

    protected override void Dispose(bool disposing)
    {
        try
        {
            if (disposing && saveTo is not null && !_failed && cassette.Count > 0)
            {
                cassette.Save(saveTo);
            }
        }
        finally
        {
            base.Dispose(disposing);
        }
    }
}
