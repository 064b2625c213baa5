using System.Runtime.CompilerServices;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace Ensemble;

/// <summary>
/// Hands the function calls of a stream on whole, at its end: connectors send a call's arguments in pieces, and the platform's adapter
/// reads each piece as JSON of its own.
/// </summary>
internal sealed class WholeCallsChatCompletionService(IChatCompletionService inner) : IChatCompletionService
{
    public IReadOnlyDictionary<string, object?> Attributes => inner.Attributes;

    public Task<IReadOnlyList<ChatMessageContent>> GetChatMessageContentsAsync(
        ChatHistory chatHistory, PromptExecutionSettings? executionSettings = null, Kernel? kernel = null, CancellationToken cancellationToken = default) =>
        inner.GetChatMessageContentsAsync(chatHistory, executionSettings, kernel, cancellationToken);

    public async IAsyncEnumerable<StreamingChatMessageContent> GetStreamingChatMessageContentsAsync(
        ChatHistory chatHistory, PromptExecutionSettings? executionSettings = null, Kernel? kernel = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        StreamedCalls calls = new();
        await foreach (StreamingChatMessageContent piece in inner.GetStreamingChatMessageContentsAsync(chatHistory, executionSettings, kernel, cancellationToken).ConfigureAwait(false))
        {
            foreach (StreamingFunctionCallUpdateContent part in piece.Items.OfType<StreamingFunctionCallUpdateContent>().ToArray())
            {
                calls.Add(part);
                piece.Items.Remove(part);
            }

            yield return piece;
        }

        if (calls.Build() is { Count: > 0 } whole)
        {
            StreamingChatMessageContent last = new(AuthorRole.Assistant, content: null);
            foreach (StreamingFunctionCallUpdateContent call in whole)
            {
                last.Items.Add(call);
            }

            yield return last;
        }
    }
}
