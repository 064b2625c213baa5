using System.Text.Json;

namespace Ensemble.Tokenization.HuggingFace;

/// <summary>A value of a tokenizer file that knows where it stands, so that every complaint can say so.</summary>
internal readonly struct FileNode(string file, string path, JsonElement value)
{
    /// <summary>The file's name in messages.</summary>
    public string File { get; } = file;

    /// <summary>Where in the file.</summary>
    public string Path { get; } = path;

    /// <summary>Whether there is nothing: the key is missing, or its value is null.</summary>
    public bool IsNull => value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    /// <summary>Whether the value is an array.</summary>
    public bool IsArray => value.ValueKind == JsonValueKind.Array;

    /// <summary>The value of a key; one that is null when there is no such key.</summary>
    public FileNode this[string key] => new(
        File,
        Path.Length == 0 ? key : $"{Path}.{key}",
        Expect(JsonValueKind.Object, "an object").TryGetProperty(key, out JsonElement child) ? child : default);

    /// <summary>The elements of an array.</summary>
    public IEnumerable<FileNode> Elements()
    {
        (string file, string path) = (File, Path);
        return Expect(JsonValueKind.Array, "an array").EnumerateArray().Select((element, i) => new FileNode(file, $"{path}[{i}]", element));
    }

    /// <summary>The entries of an object.</summary>
    public JsonElement.ObjectEnumerator Entries() => Expect(JsonValueKind.Object, "an object").EnumerateObject();

    /// <summary>The name of an entry of this object.</summary>
    public string NameOf(JsonProperty entry)
    {
        try
        {
            return entry.Name;
        }
        catch (InvalidOperationException error)
        {
            throw HalfCharacter(error);
        }
    }

    /// <summary>The text.</summary>
    public string Text()
    {
        JsonElement text = Expect(JsonValueKind.String, "a string");
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException error)
        {
            throw HalfCharacter(error);
        }
    }

    /// <summary>The text, or nothing.</summary>
    public string? TextOrNull() => IsNull ? null : Text();

    /// <summary>The flag, or what stands for a missing one.</summary>
    public bool Flag(bool missing) => IsNull
        ? missing
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Error("must be true or false.");

    /// <summary>A token's id.</summary>
    public int Id() => IdOf(value);

    /// <summary>A token's id, from an entry of this object.</summary>
    public int IdOf(JsonElement id) => id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out int number) && number is >= 0 and <= MaxId
        ? number
        : throw Error($"a token's id must be a whole number from 0 to {MaxId}, and one is {(id.ValueKind == JsonValueKind.Undefined ? "missing" : id.GetRawText())}. The file is damaged: fetch it again.");

    /// <summary>An error at this place.</summary>
    public TokenizerFileException Error(string problem) => new(File, Path.Length == 0 ? "the file" : Path, problem);

    // The parser leaves the escape of half a surrogate pair to whoever asks for the text.
    private TokenizerFileException HalfCharacter(Exception error) =>
        new(File, Path, "holds half a character: an escape from \\uD800 to \\uDFFF stands alone. The file is damaged: fetch it again.", error);

    // Tables are indexed by id; ten times the largest vocabulary known.
    private const int MaxId = 4_000_000;

    private JsonElement Expect(JsonValueKind kind, string what) =>
        value.ValueKind == kind ? value : throw Error($"must be {what}. The file is damaged, or is no tokenizer.json: fetch it again.");
}
