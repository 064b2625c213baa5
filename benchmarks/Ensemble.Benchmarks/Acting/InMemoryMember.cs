using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Ensemble.Benchmarks.Acting;

/// <summary>A member that answers from memory: what is measured around it is nobody's work but the composition's.</summary>
internal sealed class InMemoryMember(int pieces) : IChatClient
{
    private static readonly UsageDetails Usage = new() { InputTokenCount = 10, OutputTokenCount = 20 };

    private readonly ChatMessage _message = new(ChatRole.Assistant, "yes");
    private readonly ChatResponseUpdate _piece = new(ChatRole.Assistant, "yes ");
    private readonly ChatResponseUpdate _last = new() { Contents = [new UsageContent(Usage)], FinishReason = ChatFinishReason.Stop };

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new ChatResponse(_message) { FinishReason = ChatFinishReason.Stop, Usage = Usage });

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (int i = 0; i < pieces; i++)
        {
            yield return _piece;
        }

        await Task.CompletedTask.ConfigureAwait(false);
        yield return _last;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
