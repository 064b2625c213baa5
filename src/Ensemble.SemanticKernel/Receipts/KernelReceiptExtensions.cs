using System.Text.Json;
using Microsoft.SemanticKernel;

namespace Ensemble;

/// <summary>Reads the receipt of an ensemble from the metadata of what a Kernel returns.</summary>
public static class KernelReceiptExtensions
{
    /// <summary>Reads the receipt of a message. Each turn of a tool loop is its own request, so a message that calls a function has one too.</summary>
    /// <param name="message">The message.</param>
    /// <returns>The receipt, or <see langword="null"/> when no ensemble wrote the message.</returns>
    public static Receipt? GetReceipt(this ChatMessageContent message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Read(message.Metadata);
    }

    /// <summary>Reads the receipt from a piece of a streamed message; the last piece of each turn carries it.</summary>
    /// <param name="piece">The piece.</param>
    /// <returns>The receipt, or <see langword="null"/> when this piece carries none.</returns>
    public static Receipt? GetReceipt(this StreamingChatMessageContent piece)
    {
        ArgumentNullException.ThrowIfNull(piece);
        return Read(piece.Metadata);
    }

    /// <summary>Reads the receipt of a prompt function's result.</summary>
    /// <param name="result">The result.</param>
    /// <returns>The receipt, or <see langword="null"/> when no ensemble made the result.</returns>
    public static Receipt? GetReceipt(this FunctionResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return Read(result.Metadata);
    }

    // A chat history that was kept as JSON brings metadata back as elements.
    private static Receipt? Read(IReadOnlyDictionary<string, object?>? metadata) =>
        metadata is not null && metadata.TryGetValue(ReceiptExtensions.ReceiptKey, out object? value)
            ? value switch
            {
                Receipt receipt => receipt,
                JsonElement { ValueKind: JsonValueKind.Object } json => json.Deserialize(EnsembleJson.Receipt),
                _ => null,
            }
            : null;
}
