using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Reads what an ensemble has to say about an answer.</summary>
public static class ReceiptExtensions
{
    /// <summary>The key under which the receipt stands in the additional properties of responses and of a stream's last update.</summary>
    public const string ReceiptKey = "ensemble.receipt";

    /// <summary>Reads the receipt of an answer.</summary>
    /// <param name="response">The answer; a streamed one after <c>ToChatResponse()</c>.</param>
    /// <returns>The receipt, or <see langword="null"/> when no ensemble made the answer.</returns>
    public static Receipt? GetReceipt(this ChatResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return Read(response.AdditionalProperties);
    }

    /// <summary>Reads the receipt from the last update of a stream.</summary>
    /// <param name="update">The update.</param>
    /// <returns>The receipt, or <see langword="null"/> when this update carries none.</returns>
    public static Receipt? GetReceipt(this ChatResponseUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return Read(update.AdditionalProperties);
    }

    /// <summary>Reads the vote behind an answer.</summary>
    /// <param name="response">The answer.</param>
    /// <returns>The vote, or <see langword="null"/> when no panel made the answer.</returns>
    public static Vote? GetVote(this ChatResponse response) => response.GetReceipt()?.Vote;

    /// <summary>Reads a receipt as it was put there, or as a response cache brings it back: then it is marked replayed.</summary>
    internal static Receipt? Read(AdditionalPropertiesDictionary? properties) =>
        properties is not null && properties.TryGetValue(ReceiptKey, out object? value)
            ? value switch
            {
                Receipt receipt => receipt,
                JsonElement { ValueKind: JsonValueKind.Object } json => EnsembleJson.ReadReplayed(json),
                _ => null,
            }
            : null;
}
