using Microsoft.Extensions.AI;
using OpenAI.Chat;

namespace Ensemble;

/// <summary>The platform's adapter of streamed chat completions, fed with one chunk at a time. It never waits: it is given what it asks for before it asks.</summary>
internal sealed class FedAdapter : IAsyncEnumerable<StreamingChatCompletionUpdate>, IAsyncEnumerator<StreamingChatCompletionUpdate>
{
    private readonly Queue<StreamingChatCompletionUpdate> _chunks = new();
    private readonly IAsyncEnumerator<ChatResponseUpdate> _updates;
    private StreamingChatCompletionUpdate? _current;
    private bool _ended;

#pragma warning disable OPENAI001 // The adapter's mapping by itself is experimental; a test compares it with the whole adapter.
    public FedAdapter() => _updates = this.AsChatResponseUpdatesAsync().GetAsyncEnumerator();
#pragma warning restore OPENAI001

    StreamingChatCompletionUpdate IAsyncEnumerator<StreamingChatCompletionUpdate>.Current => _current!;

    /// <summary>Maps a chunk.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="updates">Takes what the adapter makes of it.</param>
    /// <returns>The update, if it is the only one and that of this chunk.</returns>
    public ChatResponseUpdate? Map(StreamingChatCompletionUpdate chunk, Queue<ChatResponseUpdate> updates)
    {
        int before = updates.Count;
        _chunks.Enqueue(chunk);
        while (_chunks.Count > 0 && Step())
        {
            updates.Enqueue(_updates.Current);
        }

        return updates.Count == before + 1 && _updates.Current.RawRepresentation == chunk ? _updates.Current : null;
    }

    /// <summary>Ends the answer.</summary>
    /// <param name="updates">Takes what the adapter had kept for the end.</param>
    public void End(Queue<ChatResponseUpdate> updates)
    {
        _ended = true;
        while (Step())
        {
            updates.Enqueue(_updates.Current);
        }
    }

    IAsyncEnumerator<StreamingChatCompletionUpdate> IAsyncEnumerable<StreamingChatCompletionUpdate>.GetAsyncEnumerator(CancellationToken cancellationToken) => this;

    ValueTask<bool> IAsyncEnumerator<StreamingChatCompletionUpdate>.MoveNextAsync() =>
        _chunks.TryDequeue(out _current) ? new(true)
        : _ended ? new(false)
        : throw new InvalidOperationException("The adapter asked for more than one chunk before it gave an update.");

    ValueTask IAsyncDisposable.DisposeAsync() => default;

    private bool Step()
    {
        ValueTask<bool> step = _updates.MoveNextAsync();
        return step.IsCompleted ? step.GetAwaiter().GetResult() : throw new InvalidOperationException("The adapter waited for something that is not its chunks.");
    }
}
