using System.Collections.Frozen;
using System.Text.Json;

namespace Ensemble.Onnx;

/// <summary>What is needed of a model's <c>tokenizer.json</c> beside what the runtime makes of it.</summary>
internal sealed class TokenizerFile
{
    // The character that stands for byte 0 in byte-level vocabularies.
    private const string ByteZero = "\u0100";

    /// <summary>The literals that the tokenizer reads as one token wherever they stand, control tokens among them.</summary>
    internal required FrozenDictionary<int, string> AddedTokens { get; init; }

    /// <summary>Whether every digit is a piece of its own, those beyond ASCII included.</summary>
    internal required bool SplitsNumbers { get; init; }

    /// <summary>The token of the NUL character, at which the runtime would end a text.</summary>
    internal required int? NulToken { get; init; }

    internal static TokenizerFile Read(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            JsonElement root = document.RootElement;
            Dictionary<int, string> added = [];
            if (root.TryGetProperty("added_tokens", out JsonElement tokens))
            {
                foreach (JsonElement token in tokens.EnumerateArray())
                {
                    added[token.GetProperty("id").GetInt32()] = token.GetProperty("content").GetString() ?? "";
                }
            }

            return new TokenizerFile
            {
                AddedTokens = added.ToFrozenDictionary(),
                SplitsNumbers = root.TryGetProperty("pre_tokenizer", out JsonElement pre) && HasIndividualDigits(pre),
                NulToken = ReadNulToken(root.GetProperty("model")),
            };
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new ModelLoadException($"'{path}' is not a tokenizer in the fast-tokenizer format: {error.Message} Restore the file.", error) { Path = path };
        }
    }

    private static bool HasIndividualDigits(JsonElement pre)
    {
        if (pre.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        return pre.TryGetProperty("pretokenizers", out JsonElement parts)
            ? parts.EnumerateArray().Any(HasIndividualDigits)
            : pre.TryGetProperty("individual_digits", out JsonElement individual) && individual.GetBoolean();
    }

    private static int? ReadNulToken(JsonElement model) =>
        model.TryGetProperty("vocab", out JsonElement vocabulary) && vocabulary.ValueKind == JsonValueKind.Object && vocabulary.TryGetProperty(ByteZero, out JsonElement id)
            ? id.GetInt32()
            : null;
}
