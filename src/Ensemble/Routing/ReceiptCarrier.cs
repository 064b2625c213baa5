using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Puts receipts on answers and takes those of members off.</summary>
internal static class ReceiptCarrier
{
    /// <summary>Puts a receipt on a whole answer; the dictionary is copied because a member may share it between answers.</summary>
    public static void Attach(ChatResponse response, Receipt receipt) => response.AdditionalProperties = With(response.AdditionalProperties, receipt);

    /// <summary>Makes a stream's last update: without message id and role, so that it lands on the response and not on a message.</summary>
    public static ChatResponseUpdate Update(Receipt receipt, UsageDetails? usage = null) => new()
    {
        Contents = usage is null ? [] : [new UsageContent(usage)],
        AdditionalProperties = With(null, receipt),
    };

    /// <summary>Takes a member's receipt off its update.</summary>
    /// <returns>The update as it goes on to the caller; <see langword="null"/> when it held nothing else.</returns>
    public static ChatResponseUpdate? Detach(ChatResponseUpdate update, out Receipt? receipt)
    {
        receipt = ReceiptExtensions.Read(update.AdditionalProperties);
        if (receipt is null)
        {
            return update;
        }

        if (update.Contents.Count == 0 && update.FinishReason is null && update.AdditionalProperties!.Count == 1)
        {
            return null;
        }

        ChatResponseUpdate rest = update.Clone();
        rest.AdditionalProperties = new(update.AdditionalProperties!);
        rest.AdditionalProperties.Remove(ReceiptExtensions.ReceiptKey);
        return rest;
    }

    private static AdditionalPropertiesDictionary With(AdditionalPropertiesDictionary? old, Receipt receipt)
    {
        AdditionalPropertiesDictionary properties = old is null ? [] : new(old);
        properties[ReceiptExtensions.ReceiptKey] = receipt;
        return properties;
    }
}
