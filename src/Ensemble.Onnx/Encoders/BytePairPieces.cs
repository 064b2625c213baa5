using System.Text.Json;
using System.Text.Json.Nodes;
using Ensemble.Tokenization;

namespace Ensemble.Onnx;

/// <summary>The ids of a byte-level BPE vocabulary (RoBERTa, ModernBERT).</summary>
internal sealed class BytePairPieces : ITextPieces
{
    private readonly TokenEncoding _encoding;

    private readonly Dictionary<string, int> _added;

    private BytePairPieces(TokenEncoding encoding, Dictionary<string, int> added)
    {
        _encoding = encoding;
        _added = added;
    }

    /// <summary>Reads <c>tokenizer.json</c>.</summary>
    /// <exception cref="ModelLoadException">A part of it cannot be followed to the letter.</exception>
    internal static BytePairPieces Load(string path)
    {
        try
        {
            JsonObject root = JsonNode.Parse(File.ReadAllBytes(path))!.AsObject();
            Dictionary<string, int> added = [];
            JsonArray plain = [];
            foreach (JsonNode? token in root["added_tokens"]?.AsArray() ?? [])
            {
                added[token!["content"]!.GetValue<string>()] = token["id"]!.GetValue<int>();

                // Plain ones (ModernBERT's runs of spaces) are found in text, control tokens never.
                if (token["special"]?.GetValue<bool>() is not true)
                {
                    plain.Add(token.DeepClone());
                }
            }

            root["added_tokens"] = plain;
            using MemoryStream json = new();
            using (Utf8JsonWriter writer = new(json))
            {
                root.WriteTo(writer);
            }

            json.Position = 0;
            return new BytePairPieces(TokenEncoding.FromHuggingFace(json, path), added);
        }
        catch (Exception e) when (e is JsonException or TokenizerFileException or InvalidOperationException or NullReferenceException or FormatException or KeyNotFoundException)
        {
            throw new ModelLoadException($"'{path}' is no byte-level BPE tokenizer that can be followed: {e.Message} Use a model with such a tokenizer, with WordPiece or with XLM-RoBERTa's.", e) { Path = path };
        }
    }

    public int[] Encode(string text, int maxPieces) => _encoding.Encode(text, SpecialTokens.AsTokens);

    public int? FindId(string token) => _added.TryGetValue(token, out int id) ? id : null;
}
