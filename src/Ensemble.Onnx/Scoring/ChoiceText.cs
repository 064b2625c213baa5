using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ensemble.Onnx;

/// <summary>Writes a choice as the JSON that its schema asks for.</summary>
internal static class ChoiceText
{
    /// <summary>Writes a string, or an object with the string as its only property.</summary>
    internal static string ToJson(string choice, string? property)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            if (property is null)
            {
                json.WriteStringValue(choice);
            }
            else
            {
                json.WriteStartObject();
                json.WriteString(property, choice);
                json.WriteEndObject();
            }
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
