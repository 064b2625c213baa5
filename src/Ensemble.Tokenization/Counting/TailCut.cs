using Ensemble.Tokenization.Splitting;
using Ensemble.Tokenization.Tables;

namespace Ensemble.Tokenization.Counting;

/// <summary>Finds the longest end of a text that has at most so many tokens.</summary>
/// <remarks>
/// Wherever one starts to split, a piece ends where white space follows something else. Such places part the text into stretches whose counts add; the
/// cut lies in the last stretch that does not fit as a whole, and there every cut is tried, the longest end first.
/// </remarks>
internal static unsafe class TailCut
{
    public static int Find(PieceCounter counter, ReadOnlySpan<char> text, long limit, TextUnit unit)
    {
        long excess = counter.Count(text, long.MaxValue) - limit;
        if (excess <= 0)
        {
            return 0;
        }

        // Skip the stretches that have to go as a whole.
        int stretch = 0;
        long before = 0;
        long count = 0;
        int start = 0;
        while (start < text.Length)
        {
            start = NextPiece(counter, text, start, ref count);
            if (start == text.Length || StartsStretch(text, start))
            {
                if (count >= excess)
                {
                    break;
                }

                (stretch, before) = (start, count);
            }
        }

        return TryCuts(counter, text, stretch, start, excess - before, unit);
    }

    /// <summary>The first cut in a stretch that leaves at least so many tokens out.</summary>
    private static int TryCuts(PieceCounter counter, ReadOnlySpan<char> text, int stretch, int end, long excess, TextUnit unit)
    {
        // Tokens from the start of the stretch to each piece's start in it; most cuts fall in with these pieces soon.
        using var countsBefore = new NativeArray<long>(end - stretch + 1);
        var known = new Span<long>(countsBefore.Pointer, end - stretch + 1);
        known.Fill(-1);
        long total = 0;
        for (int start = stretch; start < end;)
        {
            known[start - stretch] = total;
            start = NextPiece(counter, text, start, ref total);
        }

        known[end - stretch] = total;
        for (int cut = TextUnits.NextCut(text, stretch + 1, unit); ; cut = TextUnits.NextCut(text, cut + 1, unit))
        {
            if (cut >= end)
            {
                return cut;
            }

            long count = 0;
            int start = cut;
            while (known[start - stretch] < 0)
            {
                start = NextPiece(counter, text, start, ref count);
            }

            if (known[start - stretch] - count >= excess)
            {
                return cut;
            }
        }
    }

    private static int NextPiece(PieceCounter counter, ReadOnlySpan<char> text, int start, ref long count)
    {
        int end = PieceScanner.FindEnd(new Utf16Text(text), start, counter.Rules);
        count += counter.CountPiece(text[start..end]);
        return end;
    }

    private static bool StartsStretch(ReadOnlySpan<char> text, int index) =>
        (CharClasses.OfUnit(text[index]) & (CharClass.White | CharClass.Newline)) == CharClass.White
        && (CharClasses.OfUnit(text[index - 1]) & CharClass.White) == 0;
}
