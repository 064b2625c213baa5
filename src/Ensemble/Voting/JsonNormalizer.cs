using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Ensemble;

/// <summary>Reads JSON, also in a fenced block: the order of keys, space and the way a number is written do not matter; the order of an array does.</summary>
internal sealed class JsonNormalizer : IBallotNormalizer
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public string? Read(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        try
        {
            using JsonDocument document = Parse(answer);
            return Canonical(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            // Broken JSON, a key twice, half a surrogate.
            return null;
        }
    }

    /// <summary>Reads the whole text, or else what is stated or fenced in it: a text of JSON may itself hold tags and three back-quotes.</summary>
    /// <exception cref="JsonException">Neither is JSON.</exception>
    public static JsonDocument Parse(string answer)
    {
        try
        {
            return JsonDocument.Parse(answer, Strict);
        }
        catch (JsonException) when (Inside(answer) is var inside && inside.Length < answer.Length)
        {
            return JsonDocument.Parse(inside, Strict);
        }
    }

    private static string Inside(string answer)
    {
        string said = StatedAnswer.WithoutLeadingThoughts(ModelTokens.WithoutAround(answer));
        return Fence.Inside(StatedAnswer.Tagged(said) is { } tagged ? tagged.IsCertain ? tagged.Text : "" : said);
    }

    /// <summary>Writes JSON in one way, so that equal values are equal texts.</summary>
    public static string Canonical(JsonElement element)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            Write(writer, element);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (JsonProperty property in element.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(property.Name);
                    Write(writer, property.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement item in element.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.Number when ExactNumber.TryParse(element.GetRawText(), out ExactNumber number):
                // What JSON can write is a decimal, so the text is a number of JSON again.
                writer.WriteRawValue(number.ToString());
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
