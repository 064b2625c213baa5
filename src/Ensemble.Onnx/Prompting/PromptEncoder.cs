using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.ML.OnnxRuntimeGenAI;

namespace Ensemble.Onnx;

/// <summary>Turns conversations and plain text into tokens; user text never becomes a control token, the template's own text may.</summary>
internal sealed class PromptEncoder(Tokenizer tokenizer, TokenizerFile file, string modelName)
{
    private readonly UserText _userText = new(file);

    /// <summary>Renders a conversation by the model's own template, up to where the answer begins, and encodes it.</summary>
    internal int[] EncodeChat(IReadOnlyList<PromptMessage> messages)
    {
        char cut = UserText.FreeMark(messages.SelectMany(message => (string[])[message.Role.Value, message.Text]));
        string rendered;
        try
        {
            rendered = tokenizer.ApplyChatTemplate(null!, ToJson(messages, cut), null!, true);
        }
        catch (OnnxRuntimeGenAIException error)
        {
            throw new UnsupportedOptionException(
                $"The chat template of '{modelName}' does not take these messages: {error.Message} Change the order of their roles, or use the model without a template (Template: none).", error);
        }

        return EncodeMarked(rendered, cut);
    }

    /// <summary>Encodes text as it is, without a template and without control tokens.</summary>
    internal int[] EncodeText(string text)
    {
        char cut = UserText.FreeMark([text]);
        return EncodeMarked(_userText.Mark(text, cut), cut);
    }

    private int[] EncodeMarked(string text, char cut)
    {
        char nul = (char)(cut + 1);
        List<int> ids = [];
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            int length = rest.IndexOfAny(cut, nul);
            Encode(length < 0 ? rest : rest[..length], ids);
            if (length < 0)
            {
                break;
            }

            if (rest[length] == nul && file.NulToken is { } token)
            {
                ids.Add(token);
            }

            rest = rest[(length + 1)..];
        }

        return [.. ids];
    }

    private void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        if (text.IsEmpty)
        {
            return;
        }

        using Sequences sequences = tokenizer.Encode(text.ToString());
        ids.AddRange(sequences[0]);
    }

    private string ToJson(IReadOnlyList<PromptMessage> messages, char cut)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartArray();
            foreach (PromptMessage message in messages)
            {
                json.WriteStartObject();
                json.WriteString("role", _userText.Mark(message.Role.Value, cut));
                json.WriteString("content", _userText.Mark(message.Text, cut));
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
