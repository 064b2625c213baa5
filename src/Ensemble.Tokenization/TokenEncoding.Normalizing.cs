using System.Text;
using Ensemble.Tokenization.Counting;
using Ensemble.Tokenization.Merging;
using Ensemble.Tokenization.Normalizing;
using Ensemble.Tokenization.Tables;

namespace Ensemble.Tokenization;

public sealed partial class TokenEncoding
{
    // The places within characters that normalize together at which a cut is tried; nobody's letters have so many marks.
    private const int MaxTries = 256;

    // A cut within such characters can leave another form than a cut of the form, a few units longer.
    private const int Slack = 8;

    private readonly TextNormalizer? _normalizer;

    // The order of the tests: few encodings normalize, and few texts of those that do are not in the form already.
    private long CountText(ReadOnlySpan<char> text, long limit) =>
        _normalizer is null || _normalizer.IsNormalized(text) ? _counter.Count(text, limit) : _counter.Count(_normalizer.Normalize(text), limit);

    private long CountText(ReadOnlySpan<byte> utf8, long limit)
    {
        if (_normalizer is null || Ascii.IsValid(utf8))
        {
            return _counter.Count(utf8, limit);
        }

        using var units = new Utf16Copy(utf8);
        return CountText(units.Text, limit);
    }

    private void EncodeText(ReadOnlySpan<char> text, ref TokenSink sink)
    {
        if (_normalizer is null || _normalizer.IsNormalized(text))
        {
            _counter.Encode(text, ref sink);
        }
        else
        {
            _counter.Encode(_normalizer.Normalize(text), ref sink);
        }
    }

    private void EncodeText(ReadOnlySpan<byte> utf8, ref TokenSink sink)
    {
        if (_normalizer is null || Ascii.IsValid(utf8))
        {
            _counter.Encode(utf8, ref sink);
        }
        else
        {
            using var units = new Utf16Copy(utf8);
            EncodeText(units.Text, ref sink);
        }
    }

    // The cut of the normalized text says where to look; near it, the places are counted between which the text normalizes in parts.
    private int IndexOfLimitBeforeNormalizing(ReadOnlySpan<char> text, long maxTokens, TextEnd keep, TextUnit unit)
    {
        string normalized = _normalizer!.Normalize(text);
        if (keep == TextEnd.Head)
        {
            int cut = CutAround(text, HeadCut.Find(_counter, normalized, maxTokens, unit), after: true);
            cut = TextUnits.PreviousCut(text, cut, unit);
            for (int tries = 0; cut > 0 && CountText(text[..cut], maxTokens) > maxTokens; tries++)
            {
                cut = TextUnits.PreviousCut(text, tries < MaxTries ? cut - 1 : Math.Max(0, _normalizer.LastCut(text[..cut])), unit);
            }

            return cut;
        }
        else
        {
            int cut = CutAround(text, TailCut.Find(_counter, normalized, maxTokens, unit), after: false);
            cut = TextUnits.NextCut(text, cut, unit);
            for (int tries = 0; cut < text.Length && CountText(text[cut..], maxTokens) > maxTokens; tries++)
            {
                int next = tries < MaxTries ? 0 : _normalizer.FirstCut(text[(cut + 1)..]);
                cut = TextUnits.NextCut(text, next < 0 ? text.Length : cut + 1 + next, unit);
            }

            return cut;
        }
    }

    // A little behind or before the place of a text whose normalized form is an index long, or all but that.
    private int CutAround(ReadOnlySpan<char> text, int normalizedIndex, bool after)
    {
        int start = 0;
        int normalizedStart = 0;
        while (start < text.Length)
        {
            int next = _normalizer!.FirstCut(text[(start + 1)..]);
            int end = next < 0 ? text.Length : start + 1 + next;
            int length = _normalizer.Normalize(text[start..end]).Length;
            if (normalizedIndex < normalizedStart + length || end == text.Length)
            {
                int inside = normalizedIndex - normalizedStart;
                return after
                    ? Math.Min(end, start + LongestWithin(text[start..end], inside, after) + Slack)
                    : Math.Max(start, end - LongestWithin(text[start..end], length - inside, after) - Slack);
            }

            (start, normalizedStart) = (end, normalizedStart + length);
        }

        return start;
    }

    // A text that normalizes as a whole may be long: thousands of letters outside the plane that the tables know. Its parts' lengths grow with them.
    private int LongestWithin(ReadOnlySpan<char> text, int normalizedLength, bool beginning)
    {
        int low = 0;
        int high = text.Length;
        while (low < high)
        {
            int middle = low + ((high - low + 1) / 2);
            if (_normalizer!.Normalize(beginning ? text[..middle] : text[^middle..]).Length <= normalizedLength)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }
}
