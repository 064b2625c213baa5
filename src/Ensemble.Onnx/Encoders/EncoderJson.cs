using System.Globalization;
using System.Text.Json;

namespace Ensemble.Onnx;

/// <summary>One of the JSON files beside an encoder; what it says and cannot be followed is an error that names it.</summary>
internal sealed class EncoderJson
{
    private readonly JsonElement _root;

    private EncoderJson(string path, JsonElement root)
    {
        Path = path;
        _root = root;
    }

    internal string Path { get; }

    /// <summary>Reads a file; <see langword="null"/> when there is none.</summary>
    /// <exception cref="ModelLoadException">It is no JSON object.</exception>
    internal static EncoderJson? TryRead(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new EncoderJson(path, document.RootElement.Clone())
                : throw new JsonException($"There is a {document.RootElement.ValueKind}, not an object.");
        }
        catch (JsonException e)
        {
            throw new ModelLoadException($"'{path}' is not JSON: {e.Message} Copy the file again from the model's folder.", e) { Path = path };
        }
    }

    /// <summary>Finds a value; nothing and <c>null</c> are the same.</summary>
    internal JsonElement? Find(string name) => Find(_root, name);

    internal static JsonElement? Find(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>The names that begin so.</summary>
    internal IEnumerable<string> Names(string beginning) => _root.EnumerateObject().Select(property => property.Name).Where(name => name.StartsWith(beginning, StringComparison.Ordinal));

    internal string? Text(string name) => Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : throw Error(name, value, "a text is expected there");

    internal bool? Flag(string name) => Find(name) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Error(name, value, "true or false is expected there");

    /// <summary>Reads a whole number; a larger one than any that is meant (files write 1e30 for "no limit") is none.</summary>
    internal int? Number(string name) => Find(name) is not { } value ? null
        : value.ValueKind != JsonValueKind.Number ? throw Error(name, value, "a number is expected there")
        : value.TryGetInt32(out int number) ? number
        : value.GetDouble() is var real && real is >= int.MinValue and <= int.MaxValue && real == Math.Truncate(real) ? (int)real
        : value.GetDouble() > int.MaxValue ? null : throw Error(name, value, "a whole number is expected there");

    /// <summary>Reads the name of a special token, which files write as a text or as an object with its <c>content</c>.</summary>
    internal string? Token(string name) => Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : Find(value, "content") is { ValueKind: JsonValueKind.String } content ? content.GetString() : throw Error(name, value, "the text of a token is expected there");

    internal ModelLoadException Error(string name, object? found, string fix)
    {
        string text = Convert.ToString(found, CultureInfo.InvariantCulture) ?? "";
        return new ModelLoadException($"'{Path}': {name} is {(text.Length == 0 ? "not there" : text.Length > 200 ? text[..200] + "…" : text)}: {fix}.") { Path = Path };
    }
}
