using System.Text;
using System.Text.Json;

namespace Ensemble.Providers.Tests;

/// <summary>Reads a damaged stream in the plainest way there is, independently of the package: which text stands in its readable events, in order.</summary>
internal static class StreamOracle
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text of the events before the first that cannot be read, and whether all can.</summary>
    public static (string Text, bool IsClean) Read(DialectScript dialect, byte[] bytes)
    {
        StringBuilder text = new();
        foreach (byte[] data in dialect is OllamaScript ? Lines(bytes) : Events(bytes))
        {
            if (data.AsSpan().Trim(" \t"u8).SequenceEqual("[DONE]"u8) && dialect is ChatScript)
            {
                break;
            }

            try
            {
                using JsonDocument document = JsonDocument.Parse(Strict.GetString(data));
                text.Append(TextOf(dialect, document.RootElement));
            }
            catch (Exception error) when (error is JsonException or DecoderFallbackException or InvalidOperationException or KeyNotFoundException)
            {
                return (text.ToString(), false);
            }
        }

        return (text.ToString(), true);
    }

    private static string TextOf(DialectScript dialect, JsonElement root) => dialect switch
    {
        ChatScript => Find(root, "choices") is { ValueKind: JsonValueKind.Array } choices && choices.GetArrayLength() > 0 ? Word(Find(choices[0], "delta"), "content") : "",
        ResponsesScript => Word(root, "type") == "response.output_text.delta" ? Word(root, "delta") : "",
        MessagesScript when Word(root, "type") == "content_block_start" => Find(root, "content_block") is { } block && Word(block, "type") == "text" ? Word(block, "text") : "",
        MessagesScript => Word(root, "type") == "content_block_delta" && Find(root, "delta") is { } delta && Word(delta, "type") == "text_delta" ? Word(delta, "text") : "",
        _ => Word(Find(root, "message"), "content"),
    };

    private static JsonElement? Find(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) ? value : null;

    private static string Word(JsonElement? element, string name) =>
        element is { } found && Find(found, name) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : "";

    private static IEnumerable<byte[]> Lines(byte[] bytes) =>
        Split(bytes).Select(line => line.Bytes).Where(line => line.AsSpan().Trim(" \t"u8).Length > 0);

    private static IEnumerable<byte[]> Events(byte[] bytes)
    {
        List<byte>? data = null;
        foreach ((byte[] line, bool ended) in Split(bytes))
        {
            if (line.Length == 0 && ended)
            {
                if (data is { Count: > 0 })
                {
                    yield return [.. data];
                }

                data = null;
            }
            else if (line.AsSpan().StartsWith("data:"u8) || line.AsSpan().SequenceEqual("data"u8))
            {
                ReadOnlySpan<byte> value = line.Length > 5 ? line.AsSpan(5) : [];
                if (data is not null)
                {
                    data.Add((byte)'\n');
                }

                (data ??= []).AddRange(value.StartsWith(" "u8) ? value[1..] : value);
            }
        }
    }

    private static IEnumerable<(byte[] Bytes, bool Ended)> Split(byte[] bytes)
    {
        int start = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] is (byte)'\r' or (byte)'\n')
            {
                yield return (bytes[start..i], true);
                if (bytes[i] == '\r' && i + 1 < bytes.Length && bytes[i + 1] == '\n')
                {
                    i++;
                }

                start = i + 1;
            }
        }

        yield return (bytes[start..], false);
    }
}
