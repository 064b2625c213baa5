using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// Reads a member's stream so that the reader can leave while the member is still at it: an enumerator must not be disposed while it
/// moves, so one whose member ignores its token is disposed when it comes back, off the caller's path. Allocates nothing a piece.
/// </summary>
internal sealed class StreamPump : IValueTaskSource<bool>, IAsyncDisposable
{
    private const int Idle = 0;
    private const int Moving = 1;
    private const int Left = 2;

    private readonly IAsyncEnumerator<ChatResponseUpdate> _source;
    private readonly Action<Exception> _closeFailed;
    private readonly Action _moved;
    private ManualResetValueTaskSourceCore<bool> _core;
    private ConfiguredValueTaskAwaitable<bool>.ConfiguredValueTaskAwaiter _awaiter;
    private TaskCompletionSource? _over;
    private int _closed;
    private int _state;

    /// <summary>Creates a pump.</summary>
    /// <param name="source">The member's stream; the pump disposes it.</param>
    /// <param name="closeFailed">Hears of an exception while the stream is closed, which concerns nobody else.</param>
    public StreamPump(IAsyncEnumerator<ChatResponseUpdate> source, Action<Exception> closeFailed)
    {
        (_source, _closeFailed) = (source, closeFailed);
        _moved = Moved;
    }

    public ChatResponseUpdate Current => _source.Current;

    /// <summary>Gets what ends when the member has come back and its stream is closed; <see langword="null"/> when it is closed already.</summary>
    public Task? GoesOn
    {
        get
        {
            if (Volatile.Read(ref _closed) == 1)
            {
                return null;
            }

            TaskCompletionSource over = new();
            over = Interlocked.CompareExchange(ref _over, over, null) ?? over;
            return Volatile.Read(ref _closed) == 1 ? null : over.Task;
        }
    }

    /// <summary>Moves to the next update.</summary>
    public ValueTask<bool> MoveNextAsync()
    {
        ValueTask<bool> next = _source.MoveNextAsync();
        if (next.IsCompleted)
        {
            return next;
        }

        _core.Reset();
        _awaiter = next.ConfigureAwait(false).GetAwaiter();
        Volatile.Write(ref _state, Moving);
        short version = _core.Version;
        _awaiter.UnsafeOnCompleted(_moved);
        return new ValueTask<bool>(this, version);
    }

    /// <summary>Leaves a move that does not end.</summary>
    public void Leave()
    {
        if (Interlocked.CompareExchange(ref _state, Left, Moving) == Moving)
        {
            _core.SetException(new TimeoutException("The member did not obey its token."));
        }
    }

    /// <summary>Closes the stream now, or when the member comes back.</summary>
    public ValueTask DisposeAsync() => Volatile.Read(ref _state) == Left ? ValueTask.CompletedTask : CloseAsync();

    bool IValueTaskSource<bool>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void Moved()
    {
        bool left = Interlocked.CompareExchange(ref _state, Idle, Moving) != Moving;
        bool more;
        try
        {
            more = _awaiter.GetResult();
        }
        catch (Exception exception)
        {
            if (!left)
            {
                _core.SetException(exception);
                return;
            }

            more = false;
        }

        if (left)
        {
            _ = CloseAsync().AsTask();
        }
        else
        {
            _core.SetResult(more);
        }
    }

    private async ValueTask CloseAsync()
    {
        try
        {
            await _source.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // How the attempt ended is settled; a stream that fails while it is closed changes nothing about it.
            _closeFailed(exception);
        }
        finally
        {
            // With a fence, so that whoever asks for the end meanwhile sees one of the two.
            _ = Interlocked.Exchange(ref _closed, 1);
            _over?.TrySetResult();
        }
    }
}
