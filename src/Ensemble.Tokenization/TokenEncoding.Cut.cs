using System.Text;
using Ensemble.Tokenization.Counting;
using Ensemble.Tokenization.Tables;

namespace Ensemble.Tokenization;

public sealed partial class TokenEncoding
{
    private const int MaxUtf8Length = 4;

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
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxTokens"/> is negative, or <paramref name="keep"/> or <paramref name="unit"/> is not defined.</exception>
    public int IndexOfLimit(ReadOnlySpan<char> text, long maxTokens, TextEnd keep = TextEnd.Head, TextUnit unit = TextUnit.Character)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxTokens);
        ThrowIfUndefined(keep, unit);
        if (_normalizer is not null && !_normalizer.IsNormalized(text))
        {
            return IndexOfLimitBeforeNormalizing(text, maxTokens, keep, unit);
        }

        if (keep == TextEnd.Head)
        {
            return HeadCut.Find(_counter, text[..EndOfReach(text, maxTokens)], maxTokens, unit);
        }

        int reach = StartOfReach(text, maxTokens, unit);
        return reach + TailCut.Find(_counter, text[reach..], maxTokens, unit);
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
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxTokens"/> is negative, or <paramref name="keep"/> or <paramref name="unit"/> is not defined.</exception>
    public int IndexOfLimit(ReadOnlySpan<byte> utf8, long maxTokens, TextEnd keep = TextEnd.Head, TextUnit unit = TextUnit.Character)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxTokens);
        ThrowIfUndefined(keep, unit);
        int start = keep == TextEnd.Tail && _normalizer is null ? StartOfReach(utf8, maxTokens, unit) : 0;
        int end = keep == TextEnd.Head && _normalizer is null ? EndOfReach(utf8, maxTokens) : utf8.Length;
        using var units = new Utf16Copy(utf8[start..end]);
        int index = IndexOfLimit(units.Text, maxTokens, keep, unit);

        // Not GetByteCount: an invalid sequence has another length than the U+FFFD it counts as.
        int at = start;
        while (index > 0)
        {
            Rune.DecodeFromUtf8(utf8[at..], out Rune rune, out int consumed);
            at += consumed;
            index -= rune.Utf16SequenceLength;
        }

        return at;
    }

    // What is kept has no more bytes than its tokens, and no more units than bytes. So a long text is not looked at as a whole; a little more is, because
    // the character there must be whole.
    private int EndOfReach(ReadOnlySpan<char> text, long maxTokens)
    {
        int end = (int)Math.Min(text.Length, Reach(maxTokens));
        return end < text.Length && end > 0 && char.IsHighSurrogate(text[end - 1]) && char.IsLowSurrogate(text[end]) ? end + 1 : end;
    }

    // Graphemes are only known from those before them, but one always begins between two ASCII characters, unless they end a line together.
    private int StartOfReach(ReadOnlySpan<char> text, long maxTokens, TextUnit unit) =>
        TextUnits.CertainCut(text, (int)Math.Max(0, text.Length - Reach(maxTokens)), unit);

    private int StartOfReach(ReadOnlySpan<byte> utf8, long maxTokens, TextUnit unit)
    {
        int start = (int)Math.Max(0, utf8.Length - Reach(maxTokens));
        if (unit == TextUnit.Grapheme)
        {
            while (start > 0 && !(start < utf8.Length && TextUnits.EndsGrapheme((char)utf8[start - 1], (char)utf8[start])))
            {
                start--;
            }

            return start;
        }

        for (int i = 0; i < MaxUtf8Length - 1 && start > 0 && start < utf8.Length && (utf8[start] & 0xC0) == 0x80; i++)
        {
            start--;
        }

        return start;
    }

    private int EndOfReach(ReadOnlySpan<byte> utf8, long maxTokens)
    {
        int end = (int)Math.Min(utf8.Length, Reach(maxTokens));
        for (int i = 0; i < MaxUtf8Length - 1 && end < utf8.Length && (utf8[end] & 0xC0) == 0x80; i++)
        {
            end++;
        }

        return end;
    }

    private long Reach(long maxTokens)
    {
        long bytes = _counter.MaxBytes(maxTokens);
        return bytes > long.MaxValue - MaxUtf8Length ? bytes : bytes + MaxUtf8Length;
    }

    private static void ThrowIfUndefined(TextEnd keep, TextUnit unit)
    {
        if (keep is not (TextEnd.Head or TextEnd.Tail))
        {
            throw new ArgumentOutOfRangeException(nameof(keep), keep, "The end of the text to keep is Head or Tail.");
        }

        if (unit is not (TextUnit.Character or TextUnit.Grapheme))
        {
            throw new ArgumentOutOfRangeException(nameof(unit), unit, "The unit that a cut must not split is Character or Grapheme.");
        }
    }
}
