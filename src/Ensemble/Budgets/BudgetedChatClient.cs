using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Says of every request of a composition which budgets it has for itself.</summary>
internal sealed class BudgetedChatClient(IChatClient composition, IReadOnlyList<string> budgets) : DelegatingChatClient(composition)
{
    public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        base.GetResponseAsync(messages, Named(options), cancellationToken);

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        base.GetStreamingResponseAsync(messages, Named(options), cancellationToken);

    private ChatOptions Named(ChatOptions? options) => options.WithEnsemble(request => request with { Budgets = [.. request.Budgets.Union(budgets, StringComparer.OrdinalIgnoreCase)] });
}
