using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>One voter of a text classifier as a client: it answers the last thing that the user said with a label.</summary>
internal sealed class TextVoterChatClient(string name, bool inProcess, SelectionMember? description, Func<string, CancellationToken, Task<(string Label, Attempt Attempt)>> vote) : IChatClient
{
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        (string label, Attempt attempt) = await vote(ClassifierRequest.Text(name, messages), cancellationToken).ConfigureAwait(false);
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, label))
        {
            FinishReason = ChatFinishReason.Stop,
            ModelId = name,
            Usage = new UsageDetails { InputTokenCount = attempt.InputTokens, CachedInputTokenCount = attempt.CachedInputTokens, OutputTokenCount = attempt.OutputTokens },
        };
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (ChatResponseUpdate update in (await GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false)).ToChatResponseUpdates())
        {
            yield return update;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(MemberTraits) ? _traits : serviceType == typeof(SelectionMember) ? description : serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        // The classifier owns nothing, and this still less.
    }

    private readonly MemberTraits _traits = new() { ReportsFinishReason = true, CallsTools = false, InProcess = inProcess };
}
