using System.Buffers;
using System.ClientModel.Primitives;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;

namespace Ensemble;

/// <summary>
/// A streamed chat completion. The SDK asks, through the platform's adapter; the events of the answer are taken from the guard, which cuts them
/// anyway. The SDK and the adapter read every event that says something new, and only pieces of text that are like the one before but for their text
/// are made without them.
/// </summary>
internal sealed class ChatCompletionsStream : IAsyncEnumerator<ChatResponseUpdate>, IEventTaker
{
    // Several pieces that came together, or one that holds a lot.
    private const int BufferBytes = 4096;

    private readonly AttemptRecord _record;
    private readonly Queue<ChatResponseUpdate> _updates = new();
    private IAsyncEnumerator<ChatResponseUpdate>? _asked;
    private GuardedStream? _events;
    private FedAdapter? _adapter;
    private PieceTemplate? _template;
    private ExceptionDispatchInfo? _error;
    private byte[] _buffer = [];
    private bool _ended;

    /// <summary>Creates the stream of an attempt.</summary>
    /// <param name="record">The attempt; its events are taken from now on.</param>
    /// <param name="asked">The adapter's stream, which asks with its first step.</param>
    public ChatCompletionsStream(AttemptRecord record, IAsyncEnumerator<ChatResponseUpdate> asked)
    {
        _record = record;
        _asked = asked;
        record.EventTaker = this;
    }

    public ChatResponseUpdate Current { get; private set; } = null!;

    public ValueTask<bool> MoveNextAsync() => Dequeue() ? new(true) : ReadOnAsync();

    public void Take(ReadOnlySpan<byte> json)
    {
        if (_error is not null)
        {
            return;
        }

        if (_template?.Make(json) is { } made)
        {
            _updates.Enqueue(made);
            return;
        }

        try
        {
            Read(json.ToArray());
        }
        catch (Exception error)
        {
            // What came before it is handed on first.
            _error = ExceptionDispatchInfo.Capture(error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        byte[] buffer = Interlocked.Exchange(ref _buffer, []);
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (Interlocked.Exchange(ref _asked, null) is { } asked)
        {
            await asked.DisposeAsync().ConfigureAwait(false);
        }
    }

    private bool Dequeue()
    {
        if (!_updates.TryDequeue(out ChatResponseUpdate? update))
        {
            return false;
        }

        Current = update;
        return true;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> ReadOnAsync()
    {
        if (_events is null)
        {
            if (_ended)
            {
                return false;
            }

            if (await _asked!.MoveNextAsync().ConfigureAwait(false))
            {
                // The answer did not come through the SDK's transport for attempts, so it was not taken over.
                Current = _asked.Current;
                return true;
            }

            _ended = true;
            _events = _record.Taken;
            if (_events is null)
            {
                return false;
            }

            _ended = false;
            _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        }

        while (!Dequeue())
        {
            _error?.Throw();
            if (_ended)
            {
                return false;
            }

            if (await _events.ReadAsync(_buffer, _record.CancellationToken).ConfigureAwait(false) == 0 || _events.SawDone)
            {
                _ended = true;
                if (_error is null)
                {
                    _adapter?.End(_updates);
                }
            }
        }

        return true;
    }

    private void Read(byte[] json)
    {
#pragma warning disable OPENAI001 // The context spares reflection, and is experimental.
        StreamingChatCompletionUpdate chunk = ModelReaderWriter.Read<StreamingChatCompletionUpdate>(new BinaryData(json), ModelReaderWriterOptions.Json, OpenAIContext.Default)
            ?? throw new InvalidOperationException("The SDK read nothing in an event.");
#pragma warning restore OPENAI001
        _template = (_adapter ??= new()).Map(chunk, _updates) is { } update ? PieceTemplate.Learn(json, chunk, update) : null;
    }
}
