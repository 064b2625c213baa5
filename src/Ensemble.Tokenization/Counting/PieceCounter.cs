using System.Text.Unicode;
using Ensemble.Tokenization.Merging;
using Ensemble.Tokenization.Splitting;
using Ensemble.Tokenization.Tables;

namespace Ensemble.Tokenization.Counting;

/// <summary>Splits a text into pieces and counts or encodes them one by one.</summary>
internal sealed unsafe class PieceCounter(BytePairVocabulary vocabulary, SplitRules rules)
{
    private const int StackBytes = 512;
    private const int MaxBytesPerUnit = 3;

    public SplitRules Rules => rules;

    /// <summary>The number of tokens, or some number above <paramref name="limit"/> as soon as there are more.</summary>
    public long Count(ReadOnlySpan<char> text, long limit)
    {
        long count = 0;
        for (int start = 0; start < text.Length && count <= limit;)
        {
            int end = PieceScanner.FindEnd(text, start, rules);
            count += CountPiece(text[start..end]);
            start = end;
        }

        return count;
    }

    /// <inheritdoc cref="Count(ReadOnlySpan{char}, long)"/>
    public long Count(ReadOnlySpan<byte> utf8, long limit)
    {
        using var units = new NativeArray<char>(utf8.Length);
        return Count(Transcode(utf8, units), limit);
    }

    /// <summary>Adds the tokens of the pieces at the start of a text that nothing appended to it can change.</summary>
    /// <returns>Where the rest of the text starts.</returns>
    public int CountSettled(ReadOnlySpan<char> text, ref long count)
    {
        int start = 0;
        while (start < text.Length)
        {
            int end = PieceScanner.FindEnd(text, start, rules);
            if (!PieceScanner.IsSettled(text, end))
            {
                break;
            }

            count += CountPiece(text[start..end]);
            start = end;
        }

        return start;
    }

    /// <summary>The tokens of one piece.</summary>
    public long CountPiece(ReadOnlySpan<char> piece)
    {
        var sink = default(TokenSink);
        EncodePiece(piece, ref sink);
        return sink.Count;
    }

    public void Encode(ReadOnlySpan<char> text, ref TokenSink sink)
    {
        for (int start = 0; start < text.Length;)
        {
            int end = PieceScanner.FindEnd(text, start, rules);
            EncodePiece(text[start..end], ref sink);
            start = end;
        }
    }

    public void Encode(ReadOnlySpan<byte> utf8, ref TokenSink sink)
    {
        using var units = new NativeArray<char>(utf8.Length);
        Encode(Transcode(utf8, units), ref sink);
    }

    private static ReadOnlySpan<char> Transcode(ReadOnlySpan<byte> utf8, NativeArray<char> units)
    {
        Utf8.ToUtf16(utf8, new Span<char>(units.Pointer, utf8.Length), out _, out int length);
        return new ReadOnlySpan<char>(units.Pointer, length);
    }

    private void EncodePiece(ReadOnlySpan<char> piece, ref TokenSink sink)
    {
        if (piece.Length <= StackBytes / MaxBytesPerUnit)
        {
            byte* bytes = stackalloc byte[StackBytes];
            Utf8.FromUtf16(piece, new Span<byte>(bytes, StackBytes), out _, out int length);
            vocabulary.Encode(new ReadOnlySpan<byte>(bytes, length), ref sink);
        }
        else
        {
            int capacity = checked(piece.Length * MaxBytesPerUnit);
            using var bytes = new NativeArray<byte>(capacity);
            Utf8.FromUtf16(piece, new Span<byte>(bytes.Pointer, capacity), out _, out int length);
            vocabulary.Encode(new ReadOnlySpan<byte>(bytes.Pointer, length), ref sink);
        }
    }
}
