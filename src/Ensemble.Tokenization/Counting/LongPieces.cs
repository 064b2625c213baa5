using System.Diagnostics.CodeAnalysis;

namespace Ensemble.Tokenization.Counting;

/// <summary>The two long pieces that were asked for last: a cut looks at few of them, over and over.</summary>
/// <remarks>A structure that is passed by reference: cutting a text allocates nothing.</remarks>
internal struct LongPieces(PieceCounter counter) : IDisposable
{
    /// <summary>The units from which encoding a piece once pays; shorter ones are counted anew for each cut.</summary>
    public const int MinLength = 128;

    private Place _recent;
    private Place _older;

    /// <summary>Whether a piece of so many units is better encoded once.</summary>
    public readonly bool Takes(int units) => units > Math.Max(MinLength, counter.PlainLength);

    /// <summary>A part of a text, and with it all its beginnings.</summary>
    [UnscopedRef]
    public ref LongPiece From(ReadOnlySpan<char> text, int start, int end)
    {
        if ((_recent.Start, _recent.End) != (start, end))
        {
            (_recent, _older) = (_older, _recent);
        }

        if ((_recent.Start, _recent.End) != (start, end))
        {
            Replace(text, start, end);
        }

        return ref _recent.Piece;
    }

    /// <summary>A part of a text that ends at <paramref name="end"/>, begins at or before <paramref name="start"/>, and with it all its ends.</summary>
    [UnscopedRef]
    public ref LongPiece To(ReadOnlySpan<char> text, ref int start, int end)
    {
        if (_recent.End != end || _recent.Start > start)
        {
            (_recent, _older) = (_older, _recent);
        }

        if (_recent.End != end || _recent.Start > start)
        {
            Replace(text, start, end);
        }

        start = _recent.Start;
        return ref _recent.Piece;
    }

    private void Replace(ReadOnlySpan<char> text, int start, int end)
    {
        _recent.Piece.Dispose();
        _recent = new Place { Start = start, End = end, Piece = new LongPiece(counter, text[start..end]) };
    }

    public void Dispose()
    {
        _recent.Piece.Dispose();
        _older.Piece.Dispose();
    }

    // Nothing is long and ends at 0, so an empty place is nobody's.
    private struct Place
    {
        public int Start;
        public int End;
        public LongPiece Piece;
    }
}
