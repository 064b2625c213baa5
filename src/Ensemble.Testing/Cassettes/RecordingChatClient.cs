using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Ensemble.Testing;

/// <summary>Passes calls on and records the answers that came to their end.</summary>
internal sealed class RecordingChatClient(IChatClient inner, Cassette cassette, string? saveTo) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ChatMessage[] asked = [.. messages];
        ChatResponse response = await base.GetResponseAsync(asked, options, cancellationToken).ConfigureAwait(false);
        cassette.Add(asked, options, response.ToChatResponseUpdates());
        return response;
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ChatMessage[] asked = [.. messages];
        List<ChatResponseUpdate> updates = [];
        await foreach (ChatResponseUpdate update in base.GetStreamingResponseAsync(asked, options, cancellationToken).ConfigureAwait(false))
        {
            updates.Add(update);
            yield return update;
        }

        cassette.Add(asked, options, updates);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && saveTo is not null)
        {
            cassette.Save(saveTo);
        }

        base.Dispose(disposing);
    }
}
