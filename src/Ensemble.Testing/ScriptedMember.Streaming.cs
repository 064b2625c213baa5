using Microsoft.Extensions.AI;

namespace Ensemble.Testing;

/// <content>The stream of a scripted member, which counts its enumerators.</content>
public sealed partial class ScriptedMember
{
    private sealed class CountedStream(ScriptedMember member, IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken outer)
        : IAsyncEnumerable<ChatResponseUpdate>
    {
        public IAsyncEnumerator<ChatResponseUpdate> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            member.Counters.EnumeratorOpened();
            return new Enumerator(member, messages, options, outer, cancellationToken);
        }
    }

    private sealed class Enumerator(ScriptedMember member, IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken outer, CancellationToken inner)
        : IAsyncEnumerator<ChatResponseUpdate>
    {
        private readonly CancellationTokenSource? _linked =
            inner.CanBeCanceled && outer.CanBeCanceled && inner != outer ? CancellationTokenSource.CreateLinkedTokenSource(outer, inner) : null;

        private IAsyncEnumerator<ChatResponseUpdate>? _pieces;
        private bool _ended;
        private bool _disposed;

        public ChatResponseUpdate Current => _pieces is null ? null! : _pieces.Current;

        private CancellationToken Token => _linked?.Token ?? (outer.CanBeCanceled ? outer : inner);

        public async ValueTask<bool> MoveNextAsync()
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            CancellationToken token = Token;
            if (_pieces is null)
            {
                (ScriptedCall call, AnswerScript script) = member.Take(messages, options, streaming: true);
                _pieces = member.PlayPiecesAsync(script.Plan, call, token).GetAsyncEnumerator(token);
            }

            try
            {
                token.ThrowIfCancellationRequested();
                bool more = await _pieces.MoveNextAsync().ConfigureAwait(false);
                if (!more)
                {
                    End(CallEnd.Completed);
                }

                return more;
            }
            catch (Exception error)
            {
                End(IsCancellation(error, token) ? CallEnd.Cancelled : CallEnd.Failed);
                throw;
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            if (_pieces is not null)
            {
                await _pieces.DisposeAsync().ConfigureAwait(false);
                End(CallEnd.Cancelled);
            }

            _linked?.Dispose();
            member.Counters.EnumeratorDisposed();
        }

        private void End(CallEnd end)
        {
            if (!_ended)
            {
                _ended = true;
                member.Counters.Ended(end);
            }
        }
    }
}
