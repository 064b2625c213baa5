using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using System.Text.Json;

namespace Ensemble.Onnx;

/// <summary>The literals that a tokenizer reads as one token wherever they stand, control tokens among them.</summary>
internal sealed class AddedTokens
{
    private readonly string[] _literals;
    private readonly SearchValues<string> _search;

    private AddedTokens(FrozenDictionary<int, string> textById)
    {
        TextById = textById;
        // White space steers nothing, and one character cannot be split.
        _literals = [.. textById.Values.Where(text => text.Length > 1 && !string.IsNullOrWhiteSpace(text)).Distinct()];
        _search = SearchValues.Create(_literals, StringComparison.Ordinal);
    }

    internal FrozenDictionary<int, string> TextById { get; }

    internal static AddedTokens Read(string tokenizerPath)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(tokenizerPath));
            Dictionary<int, string> textById = [];
            if (document.RootElement.TryGetProperty("added_tokens", out JsonElement tokens))
            {
                foreach (JsonElement token in tokens.EnumerateArray())
                {
                    textById[token.GetProperty("id").GetInt32()] = token.GetProperty("content").GetString() ?? "";
                }
            }

            return new AddedTokens(textById.ToFrozenDictionary());
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new ModelLoadException($"'{tokenizerPath}' is not a tokenizer in the fast-tokenizer format: {error.Message} Restore the file.", error) { Path = tokenizerPath };
        }
    }

    /// <summary>Puts the sentinel behind the first character of every literal in a text, so that none is left whole.</summary>
    internal string Split(string text, char sentinel)
    {
        if (!text.AsSpan().ContainsAny(_search))
        {
            return text;
        }

        StringBuilder split = new(text.Length + 8);
        for (int index = 0; index < text.Length; index++)
        {
            split.Append(text[index]);
            if (StartsLiteral(text.AsSpan(index)))
            {
                split.Append(sentinel);
            }
        }

        return split.ToString();
    }

    private bool StartsLiteral(ReadOnlySpan<char> text)
    {
        foreach (string literal in _literals)
        {
            if (text.StartsWith(literal, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
