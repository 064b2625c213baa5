using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Turns a counted answer into the updates of a stream.</summary>
internal static class PanelUpdates
{
    public static IEnumerable<ChatResponseUpdate> Create(ChatResponse response, Receipt receipt)
    {
        for (int i = 0; i < response.Messages.Count; i++)
        {
            ChatMessage message = response.Messages[i];
            yield return new ChatResponseUpdate
            {
                Role = message.Role,
                AuthorName = message.AuthorName,
                MessageId = message.MessageId,
                Contents = [.. message.Contents],
                AdditionalProperties = message.AdditionalProperties,
                ResponseId = response.ResponseId,
                ModelId = response.ModelId,
                CreatedAt = response.CreatedAt,
                FinishReason = i == response.Messages.Count - 1 ? response.FinishReason : null,
            };
        }

        yield return ReceiptCarrier.Update(receipt, response.Usage);
    }
}
