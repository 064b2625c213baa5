using Ensemble.Tokenization.Splitting;

namespace Ensemble.Tokenization.Counting;

/// <summary>Finds the longest beginning of a text that has at most so many tokens.</summary>
/// <remarks>
/// The count does not grow steadily with the text: the end of a word can make it one token again. But pieces that no cut can change only ever add, so
/// the longest beginning ends near the first piece that oversteps the limit, and there every cut is tried, the longest first.
/// </remarks>
internal static class HeadCut
{
    public static int Find(PieceCounter counter, ReadOnlySpan<char> text, long limit, TextUnit unit)
    {
        long count = 0;
        int settled = 0;
        long settledCount = 0;
        for (int start = 0; start < text.Length;)
        {
            // White space can be split otherwise when the text ends in it; what precedes a run of it is settled.
            if (start > 0 && !IsWhite(text[start - 1]))
            {
                (settled, settledCount) = (start, count);
            }

            int end = PieceScanner.FindEnd(new Utf16Text(text), start, counter.Rules);
            count += counter.CountPiece(text[start..end]);
            if (count > limit)
            {
                while (end < text.Length && IsWhite(text[end]))
                {
                    end++;
                }

                return TryCuts(counter, text, settled, settledCount, end, limit, unit);
            }

            start = end;
        }

        return text.Length;
    }

    private static int TryCuts(PieceCounter counter, ReadOnlySpan<char> text, int settled, long settledCount, int end, long limit, TextUnit unit)
    {
        int cut = TextUnits.PreviousCut(text, end, unit);
        while (cut > settled)
        {
            if (settledCount + counter.Count(text[settled..cut], limit - settledCount) <= limit)
            {
                return cut;
            }

            cut = TextUnits.PreviousCut(text, cut - 1, unit);
        }

        // A grapheme may reach back over the settled part.
        while (cut > 0 && counter.Count(text[..cut], limit) > limit)
        {
            cut = TextUnits.PreviousCut(text, cut - 1, unit);
        }

        return cut;
    }

    private static bool IsWhite(char unit) => (CharClasses.OfUnit(unit) & CharClass.White) != 0;
}
