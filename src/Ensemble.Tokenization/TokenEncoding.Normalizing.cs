using System.Text;
using Ensemble.Tokenization.Counting;
using Ensemble.Tokenization.Merging;
using Ensemble.Tokenization.Normalizing;

namespace Ensemble.Tokenization;

public sealed partial class TokenEncoding
{
    private readonly TextNormalizer? _normalizer;

    // The order of the tests: few encodings normalize, and few texts of those that do are not in the form already.
    private long CountText(ReadOnlySpan<char> text, long limit) =>
        _normalizer is null || _normalizer.IsNormalized(text) ? _counter.Count(text, limit) : _counter.Count(_normalizer.Normalize(text), limit);

    private long CountText(ReadOnlySpan<byte> utf8, long limit) =>
        _normalizer is null || Ascii.IsValid(utf8) ? _counter.Count(utf8, limit) : CountText(Encoding.UTF8.GetString(utf8), limit);

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
            EncodeText(Encoding.UTF8.GetString(utf8), ref sink);
        }
    }

    // The cut of the normalized text says where to look; each cut near it in the text itself is then counted.
    private int IndexOfLimitBeforeNormalizing(ReadOnlySpan<char> text, long maxTokens, TextEnd keep, TextUnit unit)
    {
        string normalized = _normalizer!.Normalize(text);
        if (keep == TextEnd.Head)
        {
            int cut = TextUnits.PreviousCut(text, CutAround(text, HeadCut.Find(_counter, normalized, maxTokens, unit), after: true), unit);
            while (cut > 0 && CountText(text[..cut], maxTokens) > maxTokens)
            {
                cut = TextUnits.PreviousCut(text, cut - 1, unit);
            }

            return cut;
        }
        else
        {
            int cut = TextUnits.NextCut(text, CutAround(text, TailCut.Find(_counter, normalized, maxTokens, unit), after: false), unit);
            while (cut < text.Length && CountText(text[cut..], maxTokens) > maxTokens)
            {
                cut = TextUnits.NextCut(text, cut + 1, unit);
            }

            return cut;
        }
    }

    // The end or the start of the stretch of a text whose normalized form holds an index.
    private int CutAround(ReadOnlySpan<char> text, int normalizedIndex, bool after)
    {
        int start = 0;
        int normalizedStart = 0;
        while (start < text.Length)
        {
            int next = _normalizer!.FirstCut(text[(start + 1)..]);
            int end = next < 0 ? text.Length : start + 1 + next;
            int normalizedEnd = normalizedStart + _normalizer.Normalize(text[start..end]).Length;
            if (normalizedIndex < normalizedEnd || end == text.Length)
            {
                return after ? end : start;
            }

            (start, normalizedStart) = (end, normalizedEnd);
        }

        return start;
    }
}
