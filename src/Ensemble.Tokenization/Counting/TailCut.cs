using Ensemble.Tokenization.Splitting;
using Ensemble.Tokenization.Tables;

namespace Ensemble.Tokenization.Counting;

/// <summary>Finds the longest end of a text that has at most so many tokens.</summary>
/// <remarks>
/// Wherever one starts to split, a piece ends where, say, white space follows something else. Such places part the text into stretches whose counts add; the
/// cut lies in the last stretch that does not fit as a whole, and there every cut is tried, the longest end first. What follows each piece that a cut
/// gives is counted once, and of a long piece only the cuts are tried that <see cref="LongPiece.FirstThatMayFit"/> leaves.
/// </remarks>
internal unsafe ref struct TailCut : IDisposable
{
    private readonly PieceCounter _counter;
    private readonly ReadOnlySpan<char> _text;
    private readonly ref LongPieces _pieces;
    private readonly int _start;
    private readonly int _end;

    // For each place in the stretch the tokens from there on, -1 while nobody has asked, and the end of the piece that starts there.
    private readonly NativeArray<long> _counts;
    private readonly NativeArray<int> _ends;

    private TailCut(PieceCounter counter, ref LongPieces pieces, ReadOnlySpan<char> text, int start, int end)
    {
        _counter = counter;
        _pieces = ref pieces;
        _text = text;
        _start = start;
        _end = end;
        _counts = new NativeArray<long>(end - start + 1);
        _ends = new NativeArray<int>(end - start + 1);
        new Span<long>(_counts.Pointer, end - start).Fill(-1);
        _counts.Pointer[end - start] = 0;
    }

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
            int end = PieceScanner.FindEnd(new Utf16Text(text), start, counter.Rules);
            count += counter.CountPiece(text[start..end]);
            start = end;
            if (start == text.Length || StartsStretch(text, start))
            {
                if (count >= excess)
                {
                    break;
                }

                (stretch, before) = (start, count);
            }
        }

        var pieces = new LongPieces(counter);
        try
        {
            using var places = new CutPlaces(text, stretch, start, unit);
            using var cut = new TailCut(counter, ref pieces, text, stretch, start);
            return cut.TryCuts(places, count - excess);
        }
        finally
        {
            pieces.Dispose();
        }
    }

    public readonly void Dispose()
    {
        _counts.Dispose();
        _ends.Dispose();
    }

    /// <summary>The first cut in the stretch that leaves at most so many tokens of it.</summary>
    private readonly int TryCuts(CutPlaces places, long budget)
    {
        int cut = places.Next(_text, _start + 1);
        while (cut < _end && CountFrom(cut) > budget)
        {
            int end = EndOf(cut);
            cut = places.Next(_text, _pieces.Takes(end - cut) ? FirstOtherwise(cut, end, budget - CountFrom(end)) : cut + 1);
        }

        return cut;
    }

    /// <summary>
    /// The first cut behind one that does not fit which may: that from which the same piece may fit, or the first whose piece has another end. Such cuts
    /// lie together, behind the last letter that decides where the piece ends.
    /// </summary>
    private readonly int FirstOtherwise(int cut, int end, long budget)
    {
        int start = cut;
        ref LongPiece piece = ref _pieces.To(_text, ref start, end);
        int fitting = start + piece.FirstThatMayFit(budget);
        if (fitting <= cut + 1)
        {
            return cut + 1;
        }

        int other = FindEndAround(fitting - 1);
        if (other == end)
        {
            return fitting;
        }

        int low = cut + 1;
        int high = fitting - 1;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            if (FindEndAround(middle) == other)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    private readonly long CountFrom(int place)
    {
        // Forwards to a place that is known, then back.
        int known = place;
        int pieces = 0;
        while (_counts.Pointer[known - _start] < 0)
        {
            int end = FindEnd(known);
            _ends.Pointer[known - _start] = end;
            pieces++;
            known = end;
        }

        using var starts = new NativeArray<int>(pieces);
        int next = place;
        for (int i = 0; i < pieces; i++)
        {
            starts.Pointer[i] = next;
            next = EndOf(next);
        }

        long count = _counts.Pointer[known - _start];
        for (int i = pieces - 1; i >= 0; i--)
        {
            count += CountPiece(starts.Pointer[i], EndOf(starts.Pointer[i]));
            _counts.Pointer[starts.Pointer[i] - _start] = count;
        }

        return count;
    }

    private readonly long CountPiece(int start, int end)
    {
        if (!_pieces.Takes(end - start))
        {
            return _counter.CountPiece(_text[start..end]);
        }

        int from = start;
        return _pieces.To(_text, ref from, end).CountAfter(start - from);
    }

    private readonly int EndOf(int place) => _ends.Pointer[place - _start];

    private readonly int FindEndAround(int place) => FindEnd(TextUnits.PreviousCut(_text, place, TextUnit.Character));

    private readonly int FindEnd(int place) => PieceScanner.FindEnd(new Utf16Text(_text), place, _counter.Rules);

    /// <summary>Whether a piece starts here, wherever one starts to split.</summary>
    private static bool StartsStretch(ReadOnlySpan<char> text, int index)
    {
        CharClass before = CharClasses.OfUnit(text[index - 1]);
        CharClass after = CharClasses.OfUnit(text[index]);
        if ((after & (CharClass.White | CharClass.Newline)) == CharClass.White)
        {
            return (before & CharClass.White) == 0;
        }

        // A half of a pair is of no class of its own.
        if (char.IsSurrogate(text[index - 1]) || char.IsSurrogate(text[index]))
        {
            return false;
        }

        return (before & CharClass.Letter) != 0 ? (after & (CharClass.Letter | CharClass.Mark)) == 0 && text[index] != '\''
            : (before & CharClass.Newline) != 0 ? (after & (CharClass.Letter | CharClass.Number)) != 0
            : (before & CharClass.Number) != 0 ? (after & CharClass.Number) == 0
            : (before & CharClass.Other) != 0 && (after & CharClass.Number) != 0;
    }
}
