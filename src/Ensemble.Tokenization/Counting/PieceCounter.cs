using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using Ensemble.Tokenization.Kernels;
using Ensemble.Tokenization.Merging;
using Ensemble.Tokenization.Splitting;
using Ensemble.Tokenization.Tables;

namespace Ensemble.Tokenization.Counting;

/// <summary>The one entry for text: counts and encodes it in either encoding, valid or not.</summary>
internal sealed unsafe class PieceCounter
{
    private const int StackBytes = 512;
    private const int MaxBytesPerUnit = 3;

    // Most calls; they do without the large window and its bookkeeping.
    private const int ShortUnits = 256;

    // Small enough for the first-level cache together with what the batch needs, large enough to make its edges cheap.
    private const int WindowBytes = 16 * 1024;

    private readonly BytePairVocabulary _vocabulary;
    private readonly TextSplitter _splitter;

    public PieceCounter(BytePairVocabulary vocabulary, SplitRules rules, KernelKind? kernel = null)
    {
        Rules = rules;
        _vocabulary = vocabulary;
        _splitter = TextSplitter.Create(rules, vocabulary, kernel ?? TextSplitter.BestKernel());
    }

    public SplitRules Rules { get; }

    /// <inheritdoc cref="BytePairVocabulary.PlainLength"/>
    public int PlainLength => _vocabulary.PlainLength;

    /// <inheritdoc cref="BytePairVocabulary.HasToken"/>
    public bool HasToken(byte value) => _vocabulary.HasToken(value);

    /// <inheritdoc cref="BytePairVocabulary.LongestToken"/>
    public int LongestToken => _vocabulary.LongestToken;

    /// <inheritdoc cref="BytePairVocabulary.MaxBytes"/>
    public long MaxBytes(long tokens) => _vocabulary.MaxBytes(tokens);

    /// <inheritdoc cref="BytePairVocabulary.Boundaries"/>
    public int Boundaries(byte* piece, int length, uint* tokens, int* starts) => _splitter.Boundaries(piece, length, tokens, starts);

    /// <inheritdoc cref="BytePairVocabulary.MayFollow"/>
    public bool MayFollow(uint left, uint right) => _splitter.MayFollow(left, right);

    /// <summary>The tokens of a piece, given those that its bytes merge into.</summary>
    public long CountBytes(ReadOnlySpan<byte> piece, int merged)
    {
        if (piece.Length > PlainLength)
        {
            return merged;
        }

        var sink = default(TokenSink);
        _splitter.EncodePiece(piece, ref sink);
        return sink.Count;
    }

    /// <summary>The number of tokens, or some number above <paramref name="limit"/> as soon as there are more.</summary>
    public long Count(ReadOnlySpan<char> text, long limit) =>
        text.Length <= ShortUnits ? CountShort(text, limit) : CountLong(text, limit);

    private long CountShort(ReadOnlySpan<char> text, long limit)
    {
        byte* bytes = stackalloc byte[(ShortUnits * MaxBytesPerUnit) + TextSplitter.Padding];
        int length = text.Length;
        if (length > ShortAscii.MaxLength || !ShortAscii.TryNarrow(text, bytes))
        {
            Utf8.FromUtf16(text, new Span<byte>(bytes, ShortUnits * MaxBytesPerUnit), out _, out length);
            new Span<byte>(bytes + length, TextSplitter.Padding).Clear();
        }

        long total = 0;
        _splitter.Count(bytes, length, final: true, 0, ref total, limit);
        GC.KeepAlive(this);
        return total;
    }

    private long CountLong(ReadOnlySpan<char> text, long limit)
    {
        byte* stack = stackalloc byte[WindowBytes + TextSplitter.Padding];
        var window = new Window(stack, WindowBytes);
        long total = 0;
        do
        {
            Utf8.FromUtf16(text, window.Free, out int read, out int written, replaceInvalidSequences: true, isFinalBlock: true);
            text = text[read..];
            window.Count(_splitter, written, text.IsEmpty, ref total, limit);
        }
        while (!text.IsEmpty && total <= limit);

        window.Dispose();
        GC.KeepAlive(this);
        return total;
    }

    /// <inheritdoc cref="Count(ReadOnlySpan{char}, long)"/>
    public long Count(ReadOnlySpan<byte> utf8, long limit)
    {
        byte* stack = stackalloc byte[WindowBytes + TextSplitter.Padding];
        var window = new Window(stack, WindowBytes);
        long total = 0;
        do
        {
            int read = CopyValid(utf8, window.Free, out int written);
            utf8 = utf8[read..];
            window.Count(_splitter, written, utf8.IsEmpty, ref total, limit);
        }
        while (!utf8.IsEmpty && total <= limit);

        window.Dispose();
        GC.KeepAlive(this);
        return total;
    }

    /// <summary>Copies UTF-8 with U+FFFD in place of what is invalid, as much as fits, never a part of a character.</summary>
    private static int CopyValid(ReadOnlySpan<byte> utf8, Span<byte> destination, out int written)
    {
        int length = Math.Min(utf8.Length, destination.Length);
        // Not into the middle of a character.
        while (length < utf8.Length && length > 0 && (utf8[length] & 0xC0) == 0x80)
        {
            length--;
        }

        if (length > 0 && Utf8Validity.IsValid(utf8[..length]))
        {
            utf8[..length].CopyTo(destination);
            written = length;
            return length;
        }

        int read = 0;
        written = 0;
        while (read < utf8.Length)
        {
            Rune.DecodeFromUtf8(utf8[read..], out Rune rune, out int consumed);
            if (!rune.TryEncodeToUtf8(destination[written..], out int bytes))
            {
                break;
            }

            read += consumed;
            written += bytes;
        }

        return read;
    }

    /// <summary>Adds the tokens of the pieces at the start of a text that nothing appended to it can change.</summary>
    /// <returns>Where the rest of the text starts.</returns>
    public int CountSettled(ReadOnlySpan<char> text, ref long count)
    {
        int start = 0;
        while (start < text.Length)
        {
            int end = PieceScanner.FindEnd(new Utf16Text(text), start, Rules);
            if (!PieceScanner.IsSettled(new Utf16Text(text), end, Rules))
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

    /// <summary>Adds the ids of a text.</summary>
    public void Encode(ReadOnlySpan<char> text, ref TokenSink sink)
    {
        byte* stack = stackalloc byte[WindowBytes + TextSplitter.Padding];
        var window = new Window(stack, WindowBytes);
        do
        {
            Utf8.FromUtf16(text, window.Free, out int read, out int written, replaceInvalidSequences: true, isFinalBlock: true);
            text = text[read..];
            window.Encode(_splitter, written, text.IsEmpty, ref sink);
        }
        while (!text.IsEmpty);

        window.Dispose();
        GC.KeepAlive(this);
    }

    /// <summary>Adds the ids of a text.</summary>
    public void Encode(ReadOnlySpan<byte> utf8, ref TokenSink sink)
    {
        byte* stack = stackalloc byte[WindowBytes + TextSplitter.Padding];
        var window = new Window(stack, WindowBytes);
        do
        {
            int read = CopyValid(utf8, window.Free, out int written);
            utf8 = utf8[read..];
            window.Encode(_splitter, written, utf8.IsEmpty, ref sink);
        }
        while (!utf8.IsEmpty);

        window.Dispose();
        GC.KeepAlive(this);
    }

    /// <summary>Adds the ids of one piece, without a look at any cache.</summary>
    public void EncodePiece(ReadOnlySpan<char> piece, ref TokenSink sink)
    {
        if (piece.Length <= StackBytes / MaxBytesPerUnit)
        {
            byte* bytes = stackalloc byte[StackBytes];
            Utf8.FromUtf16(piece, new Span<byte>(bytes, StackBytes), out _, out int length);
            _splitter.EncodePiece(new ReadOnlySpan<byte>(bytes, length), ref sink);
        }
        else
        {
            int capacity = checked(piece.Length * MaxBytesPerUnit);
            using var bytes = new NativeArray<byte>(capacity);
            Utf8.FromUtf16(piece, new Span<byte>(bytes.Pointer, capacity), out _, out int length);
            _splitter.EncodePiece(new ReadOnlySpan<byte>(bytes.Pointer, length), ref sink);
        }
    }

    /// <summary>The part of a text that is being split: what is left of it moves to the front, and what follows is put behind.</summary>
    private ref struct Window(byte* memory, int capacity)
    {
        private byte* _memory = memory;
        private byte* _grown;
        private int _capacity = capacity;
        private int _length;

        /// <summary>Where more text goes.</summary>
        public readonly Span<byte> Free => new(_memory + _length, _capacity - _length);

        public void Count(TextSplitter splitter, int added, bool final, ref long total, long limit)
        {
            Extend(added, final);
            Keep(splitter.Count(_memory, _length, final, 0, ref total, limit));
        }

        public void Encode(TextSplitter splitter, int added, bool final, ref TokenSink sink)
        {
            Extend(added, final);
            Keep(splitter.Encode(_memory, _length, final, 0, ref sink));
        }

        public readonly void Dispose()
        {
            if (_grown != null)
            {
                NativeMemory.Free(_grown);
            }
        }

        private void Extend(int added, bool final)
        {
            _length += added;
            if (final)
            {
                new Span<byte>(_memory + _length, TextSplitter.Padding).Clear();
            }
        }

        private void Keep(int start)
        {
            _length -= start;
            if (_length > _capacity / 2)
            {
                Grow(start);
            }
            else
            {
                Buffer.MemoryCopy(_memory + start, _memory, _capacity, _length);
            }
        }

        // A piece that fills half of the window makes it twice as large, so that no piece is looked at more than a few times.
        private void Grow(int start)
        {
            int capacity = checked(2 * _capacity);
            byte* grown = (byte*)NativeMemory.Alloc((nuint)(capacity + TextSplitter.Padding));
            Buffer.MemoryCopy(_memory + start, grown, capacity, _length);
            NativeMemory.Free(_grown);
            _grown = grown;
            _memory = grown;
            _capacity = capacity;
        }
    }
}
