using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Ensemble.Tokenization.Tests.HuggingFace;

/// <summary>Makes small tokenizer files: every byte has a token, and a few merges.</summary>
internal static class TokenizerJson
{
    /// <summary>A GPT-2 style file with the merges <c>h e</c>, <c>l l</c>, <c>he ll</c>, <c>hell o</c>, <c>Ġ hello</c>.</summary>
    public static JsonObject Create()
    {
        var vocab = new JsonObject();
        foreach (char letter in Alphabet())
        {
            vocab.Add(letter.ToString(), vocab.Count);
        }

        var merges = new JsonArray();
        foreach ((string left, string right) in (ReadOnlySpan<(string, string)>)[("h", "e"), ("l", "l"), ("he", "ll"), ("hell", "o"), ("Ġ", "hello")])
        {
            vocab.Add(left + right, vocab.Count);
            merges.Add(new JsonArray(left, right));
        }

        return new JsonObject
        {
            ["version"] = "1.0",
            ["added_tokens"] = new JsonArray(AddedToken(vocab.Count, "<|end|>")),
            ["normalizer"] = null,
            ["pre_tokenizer"] = JsonNode.Parse("""{ "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true }"""),
            ["post_processor"] = JsonNode.Parse("""{ "type": "TemplateProcessing" }"""),
            ["model"] = new JsonObject { ["type"] = "BPE", ["byte_fallback"] = false, ["ignore_merges"] = false, ["vocab"] = vocab, ["merges"] = merges },
        };
    }

    /// <summary>An entry of <c>added_tokens</c>.</summary>
    public static JsonObject AddedToken(int id, string content) => new()
    {
        ["id"] = id,
        ["content"] = content,
        ["single_word"] = false,
        ["lstrip"] = false,
        ["rstrip"] = false,
        ["normalized"] = false,
        ["special"] = true,
    };

    /// <summary>A file with one place replaced, such as <c>model.type</c> or <c>added_tokens.0.lstrip</c>.</summary>
    public static JsonObject With(string path, string json)
    {
        JsonObject file = Create();
        string[] keys = path.Split('.');
        JsonNode at = file;
        foreach (string key in keys[..^1])
        {
            at = at is JsonArray array ? array[int.Parse(key, CultureInfo.InvariantCulture)]! : at[key]!;
        }

        JsonNode? value = JsonNode.Parse(json);
        if (at is JsonArray elements)
        {
            elements[int.Parse(keys[^1], CultureInfo.InvariantCulture)] = value;
        }
        else
        {
            at[keys[^1]] = value;
        }

        return file;
    }

    public static TokenEncoding Load(this JsonObject file) => Load(file.ToJsonString());

    public static TokenEncoding Load(string json) => TokenEncoding.FromHuggingFace(new MemoryStream(Encoding.UTF8.GetBytes(json)), "test.json");

    // bytes_to_unicode of GPT-2, in the order of the bytes.
    private static IEnumerable<char> Alphabet()
    {
        int next = 256;
        for (int value = 0; value < 256; value++)
        {
            yield return value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF) ? (char)value : (char)next++;
        }
    }
}
