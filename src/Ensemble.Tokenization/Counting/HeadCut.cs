using Ensemble.Tokenization.Splitting;

namespace Ensemble.Tokenization.Counting;

/// <summary>Finds the longest beginning of a text that has at most so many tokens.</summary>
/// <remarks>
/// The count does not grow steadily with the text: the end of a word can make it one token again. But pieces that no cut can change only ever add, so
/// the longest beginning ends near the first piece that oversteps the limit, and there every cut is tried, the longest first. Of a long piece only the
/// cuts are tried that <see cref="LongPiece.LastThatMayFit"/> leaves.
/// </remarks>
internal ref struct HeadCut
{
    private readonly PieceCounter _counter;
    private readonly ReadOnlySpan<char> _text;
    private readonly ref LongPieces _pieces;
    private readonly CutPlaces _places;

    // Where the last part of the text starts that a cut may split otherwise, and the end of the part that is tried.
    private readonly int _settled;
    private readonly int _end;
    private readonly long _budget;

    private HeadCut(PieceCounter counter, ref LongPieces pieces, CutPlaces places, ReadOnlySpan<char> text, int settled, int end, long budget)
    {
        _counter = counter;
        _pieces = ref pieces;
        _places = places;
        _text = text;
        _settled = settled;
        _end = end;
        _budget = budget;
    }

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

                int cut = LastCut(counter, text, settled, end, limit - settledCount, unit);
                if (cut > settled)
                {
                    return cut;
                }

                // A grapheme may reach back over the settled part.
                while (cut > 0 && counter.Count(text[..cut], limit) > limit)
                {
                    cut = TextUnits.PreviousCut(text, cut - 1, unit);
                }

                return cut;
            }

            start = end;
        }

        return text.Length;
    }

    private static int LastCut(PieceCounter counter, ReadOnlySpan<char> text, int settled, int end, long budget, TextUnit unit)
    {
        var pieces = new LongPieces(counter);
        try
        {
            using var places = new CutPlaces(text, settled, end, unit);
            return new HeadCut(counter, ref pieces, places, text, settled, end, budget).TryCuts();
        }
        finally
        {
            pieces.Dispose();
        }
    }

    /// <summary>The last cut behind the settled part that fits, or the last before.</summary>
    private readonly int TryCuts()
    {
        int cut = _places.Previous(_text, _end);
        while (cut > _settled)
        {
            int start = LastPiece(cut, out long before);
            if (before >= _budget)
            {
                // What precedes the last piece is enough already; but its first character alone may end that otherwise.
                cut = _places.Previous(_text, LastPiece(start + 1, out _) == start ? start : start + 1);
            }
            else if (!_pieces.Takes(cut - start))
            {
                if (before + _counter.CountPiece(_text[start..cut]) <= _budget)
                {
                    return cut;
                }

                cut = _places.Previous(_text, cut - 1);
            }
            else
            {
                ref LongPiece piece = ref _pieces.From(_text, start, _end);
                if (before + piece.CountBefore(cut - start) <= _budget)
                {
                    return cut;
                }

                cut = _places.Previous(_text, LastOtherwise(start, cut, start + piece.LastThatMayFit(_budget - before)));
            }
        }

        return cut;
    }

    /// <summary>
    /// The last cut before one that does not fit which may: that below which the same last piece may fit, or the last that has another last piece. Such
    /// cuts lie together, behind the white space or the letter that ends a piece sooner.
    /// </summary>
    private readonly int LastOtherwise(int start, int cut, int fitting)
    {
        if (fitting >= cut - 1)
        {
            return cut - 1;
        }

        int other = LastPieceAround(fitting + 1);
        if (other == start)
        {
            return fitting;
        }

        int low = fitting + 1;
        int high = cut - 1;
        while (low < high)
        {
            int middle = low + ((high - low + 1) / 2);
            if (LastPieceAround(middle) == other)
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

    private readonly int LastPieceAround(int cut) => LastPiece(TextUnits.NextCut(_text, cut, TextUnit.Character), out _);

    /// <summary>Where the last piece of the text up to a cut starts, and the tokens from the settled part to there; the first place where these are too many.</summary>
    private readonly int LastPiece(int cut, out long before)
    {
        before = 0;
        int start = _settled;
        while (true)
        {
            int end = PieceScanner.FindEnd(new Utf16Text(_text[..cut]), start, _counter.Rules);
            if (end >= cut)
            {
                return start;
            }

            before += _pieces.Takes(end - start)
                ? _pieces.From(_text, start, _end).CountBefore(end - start)
                : _counter.CountPiece(_text[start..end]);
            start = end;
        }
    }

    private static bool IsWhite(char unit) => (CharClasses.OfUnit(unit) & CharClass.White) != 0;
}
