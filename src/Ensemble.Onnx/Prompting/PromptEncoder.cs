using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.ML.OnnxRuntimeGenAI;

namespace Ensemble.Onnx;

/// <summary>Turns conversations and plain text into tokens; user text never becomes a control token, the template's own text may.</summary>
internal sealed class PromptEncoder(Tokenizer tokenizer, AddedTokens addedTokens, string modelName)
{
    private const char FirstPrivateUse = '\uE000';

    /// <summary>Renders a conversation by the model's own template, up to where the answer begins, and encodes it.</summary>
    internal int[] EncodeChat(IReadOnlyList<PromptMessage> messages)
    {
        char sentinel = FreeCharacter(messages);
        string json = ToJson(messages, sentinel);
        string rendered;
        try
        {
            rendered = tokenizer.ApplyChatTemplate(null!, json, null!, true);
        }
        catch (OnnxRuntimeGenAIException error)
        {
            throw new UnsupportedOptionException(
                $"The chat template of '{modelName}' does not take these messages: {error.Message} Change the order of their roles, or use the model without a template (Template: none).", error);
        }

        return EncodePieces(rendered, sentinel);
    }

    /// <summary>Encodes text as it is, without a template and without control tokens.</summary>
    internal int[] EncodeText(string text)
    {
        char sentinel = FreeCharacter([new PromptMessage(ChatRole.User, text)]);
        return EncodePieces(addedTokens.Split(text, sentinel), sentinel);
    }

    private int[] EncodePieces(string text, char sentinel)
    {
        if (!text.Contains(sentinel, StringComparison.Ordinal))
        {
            return Encode(text);
        }

        List<int> ids = [];
        foreach (string piece in text.Split(sentinel))
        {
            ids.AddRange(Encode(piece));
        }

        return [.. ids];
    }

    private int[] Encode(string text)
    {
        if (text.Length == 0)
        {
            return [];
        }

        using Sequences sequences = tokenizer.Encode(text);
        return sequences[0].ToArray();
    }

    private string ToJson(IReadOnlyList<PromptMessage> messages, char sentinel)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartArray();
            foreach (PromptMessage message in messages)
            {
                json.WriteStartObject();
                json.WriteString("role", message.Role.Value);
                json.WriteString("content", addedTokens.Split(message.Text, sentinel));
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static char FreeCharacter(IReadOnlyList<PromptMessage> messages)
    {
        char sentinel = FirstPrivateUse;
        while (messages.Any(message => message.Text.Contains(sentinel, StringComparison.Ordinal)))
        {
            sentinel++;
        }

        return sentinel;
    }
}
