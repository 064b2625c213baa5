using System.Runtime.CompilerServices;
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

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ClientSet set = clients.Enter();
        try
        {
            await foreach (ChatResponseUpdate update in Find(set, asks: true).GetStreamingResponseAsync(messages, options, cancellationToken).ConfigureAwait(false))
            {
                yield return update;
            }
        }
        finally
        {
            set.Leave();
        }
    }

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

    private IChatClient Find(ClientSet set, bool asks = false)
    {
        string found = name ?? set.DefaultName ?? throw EnsembleClients.NoDefault(set);
        return asks ? set.GetPaid(found) : set.Get(found);
    }
}
