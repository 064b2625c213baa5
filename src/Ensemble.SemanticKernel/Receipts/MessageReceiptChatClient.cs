using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// Copies the receipt of a response onto its last message, because Semantic Kernel's adapter keeps the properties of messages and drops
/// those of the response. A stream needs nothing: there the adapter keeps the properties of every update.
/// </summary>
internal sealed class MessageReceiptChatClient(IChatClient inner) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ChatResponse response = await base.GetResponseAsync(WithoutReceipts(messages), options, cancellationToken).ConfigureAwait(false);
        if (response.GetReceipt() is { } receipt && response.Messages is [.., { } last])
        {
            // Copied: a member may share the message between answers.
            ChatMessage marked = last.Clone();
            marked.AdditionalProperties = last.AdditionalProperties is { } old ? new(old) : [];
            marked.AdditionalProperties[ReceiptExtensions.ReceiptKey] = receipt;
            response.Messages = [.. response.Messages.SkipLast(1), marked];
        }

        return response;
    }

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        base.GetStreamingResponseAsync(WithoutReceipts(messages), options, cancellationToken);

    // Whoever made the ensemble disposes it; the Kernel's container disposes only what is around it.
    protected override void Dispose(bool disposing) => base.Dispose(disposing: false);

    // The history of a conversation comes back with the receipts of its answers. They are nobody's prompt, and no two are alike: a
    // response cache, whose key is the whole message, would never hit.
    private static List<ChatMessage> WithoutReceipts(IEnumerable<ChatMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        List<ChatMessage> clean = [.. messages];
        for (int i = 0; i < clean.Count; i++)
        {
            if (clean[i].AdditionalProperties is { } properties && properties.ContainsKey(ReceiptExtensions.ReceiptKey))
            {
                clean[i] = clean[i].Clone();
                clean[i].AdditionalProperties = new(properties);
                clean[i].AdditionalProperties!.Remove(ReceiptExtensions.ReceiptKey);
            }
        }

        return clean;
    }
}
