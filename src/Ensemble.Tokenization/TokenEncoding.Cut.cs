using System.Text;
using Ensemble.Tokenization.Counting;
using Ensemble.Tokenization.Tables;

namespace Ensemble.Tokenization;

public sealed partial class TokenEncoding
{
    /// <summary>
    /// Where to cut a text so that what is kept has at most so many tokens: the longest such beginning is <c>text[..index]</c>, the longest such end
    /// <c>text[index..]</c>.
    /// </summary>
    /// <remarks>
    /// If a tokenizer file asks for normalization (NFC…) and the text is not normalized, what is kept is within the limit all the same, but may be shorter
    /// than it could be by a few characters that normalize together.
    /// </remarks>
    /// <param name="text">The text, in UTF-16.</param>
    /// <param name="maxTokens">The limit in tokens, 0 or more.</param>
    /// <param name="keep">The end of the text to keep; the head by default.</param>
    /// <param name="unit">What the cut must not split; a character by default.</param>
    /// <returns>An index into <paramref name="text"/>, in UTF-16 units.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxTokens"/> is negative.</exception>
    public int IndexOfLimit(ReadOnlySpan<char> text, long maxTokens, TextEnd keep = TextEnd.Head, TextUnit unit = TextUnit.Character)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxTokens);
        if (_normalizer is not null && !_normalizer.IsNormalized(text))
        {
            return IndexOfLimitBeforeNormalizing(text, maxTokens, keep, unit);
        }

        return keep == TextEnd.Head
            ? HeadCut.Find(_counter, text, maxTokens, unit)
            : TailCut.Find(_counter, text, maxTokens, unit);
    }

    /// <summary>
    /// Where to cut a text so that what is kept has at most so many tokens: the longest such beginning is <c>utf8[..index]</c>, the longest such end
    /// <c>utf8[index..]</c>.
    /// </summary>
    /// <param name="utf8">The text, in UTF-8.</param>
    /// <param name="maxTokens">The limit in tokens, 0 or more.</param>
    /// <param name="keep">The end of the text to keep; the head by default.</param>
    /// <param name="unit">What the cut must not split; a character by default.</param>
    /// <returns>An index into <paramref name="utf8"/>, in bytes.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxTokens"/> is negative.</exception>
    public int IndexOfLimit(ReadOnlySpan<byte> utf8, long maxTokens, TextEnd keep = TextEnd.Head, TextUnit unit = TextUnit.Character)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxTokens);
        using var units = new Utf16Copy(utf8);
        int index = IndexOfLimit(units.Text, maxTokens, keep, unit);

        // Not GetByteCount: an invalid sequence has another length than the U+FFFD it counts as.
        int at = 0;
        while (index > 0)
        {
            Rune.DecodeFromUtf8(utf8[at..], out Rune rune, out int consumed);
            at += consumed;
            index -= rune.Utf16SequenceLength;
        }

        return at;
    }
}
