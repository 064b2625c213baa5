using System.Text;
using Ensemble.Tokenization.Merging;
using Ensemble.Tokenization.Special;

namespace Ensemble.Tokenization;

public sealed partial class TokenEncoding
{
    private readonly SpecialTokenTable _special;

    /// <summary>The ids of the special and added tokens by name, such as <c>&lt;|endoftext|&gt;</c>.</summary>
    public IReadOnlyDictionary<string, int> SpecialTokenIds => _special.Ids;

    /// <summary>Counts the tokens of a text in which names of special tokens may be the tokens themselves.</summary>
    /// <param name="text">The text, in UTF-16.</param>
    /// <param name="specialTokens">What the name of a special token means.</param>
    /// <returns>The number of tokens, 0 for an empty text.</returns>
    public long Count(ReadOnlySpan<char> text, SpecialTokens specialTokens)
    {
        if (specialTokens == SpecialTokens.AsText)
        {
            return Count(text);
        }

        var sink = new TokenSink([]);
        EncodeSpecial(text, ref sink, countOnly: true);
        return sink.Count;
    }

    /// <summary>Counts the tokens of a text in which names of special tokens may be the tokens themselves.</summary>
    /// <param name="utf8">The text, in UTF-8.</param>
    /// <param name="specialTokens">What the name of a special token means.</param>
    /// <returns>The number of tokens, 0 for an empty text.</returns>
    public long Count(ReadOnlySpan<byte> utf8, SpecialTokens specialTokens) =>
        specialTokens == SpecialTokens.AsText ? Count(utf8) : Count(Encoding.UTF8.GetString(utf8), specialTokens);

    /// <summary>The token ids of a text in which names of special tokens may be the tokens themselves.</summary>
    /// <param name="text">The text, in UTF-16.</param>
    /// <param name="specialTokens">What the name of a special token means.</param>
    public int[] Encode(ReadOnlySpan<char> text, SpecialTokens specialTokens)
    {
        var ids = new int[Count(text, specialTokens)];
        TryEncode(text, ids, out _, specialTokens);
        return ids;
    }

    /// <summary>The token ids of a text in which names of special tokens may be the tokens themselves.</summary>
    /// <param name="utf8">The text, in UTF-8.</param>
    /// <param name="specialTokens">What the name of a special token means.</param>
    public int[] Encode(ReadOnlySpan<byte> utf8, SpecialTokens specialTokens) =>
        specialTokens == SpecialTokens.AsText ? Encode(utf8) : Encode(Encoding.UTF8.GetString(utf8), specialTokens);

    /// <summary>Writes the token ids of a text in which names of special tokens may be the tokens themselves.</summary>
    /// <param name="text">The text, in UTF-16.</param>
    /// <param name="destination">Takes the ids. A text never has more tokens than three times its UTF-16 units.</param>
    /// <param name="tokens">The number of tokens of the text, even when they do not fit.</param>
    /// <param name="specialTokens">What the name of a special token means.</param>
    /// <returns>Whether all ids fitted; if not, <paramref name="destination"/> holds the first ones.</returns>
    public bool TryEncode(ReadOnlySpan<char> text, Span<int> destination, out long tokens, SpecialTokens specialTokens)
    {
        var sink = new TokenSink(destination);
        if (specialTokens == SpecialTokens.AsText)
        {
            EncodeText(text, ref sink);
        }
        else
        {
            EncodeSpecial(text, ref sink, countOnly: false);
        }

        tokens = sink.Count;
        return tokens <= destination.Length;
    }

    private void EncodeSpecial(ReadOnlySpan<char> text, ref TokenSink sink, bool countOnly)
    {
        SpecialToken? token;
        do
        {
            token = _special.InRawText.Find(text, out int start, out int end);
            if (_special.InNormalizedText.IsEmpty)
            {
                EncodePart(text[..start], ref sink, countOnly);
            }
            else
            {
                EncodeNormalized(_normalizer!.Normalize(text[..start]), ref sink, countOnly);
            }

            AddSpecial(token, ref sink);
            text = text[end..];
        }
        while (token is not null);
    }

    private void EncodeNormalized(ReadOnlySpan<char> text, ref TokenSink sink, bool countOnly)
    {
        SpecialToken? token;
        do
        {
            token = _special.InNormalizedText.Find(text, out int start, out int end);
            EncodePart(text[..start], ref sink, countOnly);
            AddSpecial(token, ref sink);
            text = text[end..];
        }
        while (token is not null);
    }

    private void EncodePart(ReadOnlySpan<char> text, ref TokenSink sink, bool countOnly)
    {
        if (countOnly)
        {
            // Counting is many times as fast as writing ids.
            sink.Skip(CountText(text, long.MaxValue));
        }
        else
        {
            EncodeText(text, ref sink);
        }
    }

    private static void AddSpecial(SpecialToken? token, ref TokenSink sink)
    {
        if (token is not null)
        {
            sink.AddId(token.Id);
        }
    }
}
