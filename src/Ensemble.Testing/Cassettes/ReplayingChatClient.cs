using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Ensemble.Testing;

/// <summary>Answers from a cassette; opens no connection.</summary>
internal sealed class ReplayingChatClient(Cassette cassette) : IChatClient
{
    private readonly ConcurrentDictionary<string, int> _asked = new(StringComparer.Ordinal);
    private readonly ChatClientMetadata _metadata = new("cassette");

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Find(messages, options).ToChatResponse());
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (ChatResponseUpdate update in Find(messages, options))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return update;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? _metadata
        : serviceType.IsInstanceOfType(this) ? this
        : null;

    public void Dispose()
    {
    }

    private IReadOnlyList<ChatResponseUpdate> Find(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        string key = PromptHash.Of([.. messages], options);
        int nth = _asked.AddOrUpdate(key, 0, static (_, before) => before + 1);
        return cassette.Find(key, nth);
    }
}
