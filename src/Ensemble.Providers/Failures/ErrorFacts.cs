using System.Text.Json;

namespace Ensemble;

/// <summary>
/// What an error body says, whichever provider wrote it: OpenAI's and Anthropic's <c>error</c> object, Ollama's <c>error</c> string,
/// Google's array with <c>details</c>, Azure's <c>innererror</c>, and the flat bodies of Mistral, Bedrock and FastAPI.
/// </summary>
internal readonly struct ErrorFacts(string? code, string? type, string? inner, string text)
{
    /// <summary>The most specific code.</summary>
    public string? Code => inner ?? code ?? type;

    /// <summary>Every code that the body holds, most specific first.</summary>
    public IEnumerable<string> Codes
    {
        get
        {
            foreach (string? value in (string?[])[inner, code, type])
            {
                if (value is not null)
                {
                    yield return value;
                }
            }
        }
    }

    /// <summary>The words of the message, to be searched and never to be shown: they may quote the prompt.</summary>
    public string Text => text;

    public static ErrorFacts Read(ReadOnlySpan<byte> body)
    {
        try
        {
            Utf8JsonReader reader = new(body);
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            return Read(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // A page of HTML, plain text, or a name that holds half a character: only its words can tell.
            return new(null, null, null, System.Text.Encoding.UTF8.GetString(body[..Math.Min(body.Length, 4096)]));
        }
    }

    private static ErrorFacts Read(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0)
        {
            root = root[0];
        }

        if (root.ValueKind != JsonValueKind.Object)
        {
            return new(null, null, null, root.ToString());
        }

        if (root.TryGetProperty("response", out JsonElement response) && response.ValueKind == JsonValueKind.Object)
        {
            root = response;
        }

        JsonElement error = root.TryGetProperty("error", out JsonElement found) ? found : root;
        if (error.ValueKind == JsonValueKind.String)
        {
            return new(Word(root, "code"), Word(root, "type"), null, Unquote(error));
        }

        if (error.ValueKind != JsonValueKind.Object)
        {
            return new(null, null, null, error.ToString());
        }

        string? inner = error.TryGetProperty("innererror", out JsonElement innerError) && innerError.ValueKind == JsonValueKind.Object ? Word(innerError, "code") : null;
        return new(
            Word(error, "code"),
            Word(error, "type") ?? Word(error, "status") ?? Word(error, "__type"),
            inner,
            string.Join('\n', Word(error, "message"), Word(error, "detail"), Word(root, "message"), error.TryGetProperty("details", out JsonElement details) ? details.GetRawText() : null));
    }

    /// <summary>Reads a property that is a word; numbers and status codes are none.</summary>
    private static string? Word(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String && Unquote(value) is { Length: > 0 } text
            && !int.TryParse(text, out _) ? text : null;

    private static string Unquote(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half a character, where the provider has cut what it quotes.
            return value.GetRawText().Trim('"');
        }
    }
}
