using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>The client of a name: each request goes to what the name stands for when it starts, and keeps that to its end.</summary>
/// <param name="clients">The names.</param>
/// <param name="name">The name; <see langword="null"/> for the default.</param>
internal sealed class NamedChatClient(EnsembleClients clients, string? name) : IChatClient
{
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ClientSet set = clients.Enter();
        try
        {
            return await Find(set, asks: true).GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            set.Leave();
        }
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        new Streamed(this, messages, options, cancellationToken);

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is null && serviceType == typeof(NamedChatClient))
        {
            return this;
        }

        // What a reload has taken away is nothing; whoever asks it hears so.
        ClientSet set = clients.Current;
        return name is not null && !set.Has(name) ? null : Find(set).GetService(serviceType, serviceKey);
    }

    /// <summary>Does nothing: the container disposes the models.</summary>
    public void Dispose()
    {
    }

    private ClientSet Enter() => clients.Enter();

    private IChatClient Find(ClientSet set, bool asks = false)
    {
        string found = name ?? set.DefaultName ?? throw EnsembleClients.NoDefault(set);
        return asks ? set.GetPaid(found) : set.Get(found);
    }

    private sealed class Streamed(NamedChatClient client, IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken callerToken) : IAsyncEnumerable<ChatResponseUpdate>
    {
        private NamedChatClient Client => client;

        private IEnumerable<ChatMessage> Messages => messages;

        private ChatOptions? Options => options;

        private CancellationToken CallerToken => callerToken;

        public IAsyncEnumerator<ChatResponseUpdate> GetAsyncEnumerator(CancellationToken cancellationToken = default) => new Reader(this, cancellationToken);

        /// <summary>Written out instead of as an iterator: the steps of the stream are handed on as they are, without a state machine for each.</summary>
        private sealed class Reader(Streamed stream, CancellationToken cancellationToken) : IAsyncEnumerator<ChatResponseUpdate>
        {
            private ClientSet? _set;
            private CancellationTokenSource? _both;
            private IAsyncEnumerator<ChatResponseUpdate>? _updates;
            private bool _over;

            public ChatResponseUpdate Current => _updates!.Current;

            public ValueTask<bool> MoveNextAsync()
            {
                if (_over)
                {
                    return new(false);
                }

                try
                {
                    _updates ??= Open();
                    return _updates.MoveNextAsync();
                }
                catch (Exception error)
                {
                    Leave();
                    return ValueTask.FromException<bool>(error);
                }
            }

            public async ValueTask DisposeAsync()
            {
                try
                {
                    if (_updates is not null)
                    {
                        await _updates.DisposeAsync().ConfigureAwait(false);
                    }
                }
                finally
                {
                    Leave();
                }
            }

            private IAsyncEnumerator<ChatResponseUpdate> Open()
            {
                _set = stream.Client.Enter();
                CancellationToken token = stream.CallerToken;
                if (cancellationToken.CanBeCanceled && cancellationToken != token)
                {
                    _both = token.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(token, cancellationToken) : null;
                    token = _both?.Token ?? cancellationToken;
                }

                return stream.Client.Find(_set, asks: true).GetStreamingResponseAsync(stream.Messages, stream.Options, token).GetAsyncEnumerator(token);
            }

            private void Leave()
            {
                _over = true;
                _both?.Dispose();
                _set?.Leave();
                _set = null;
            }
        }
    }
}
