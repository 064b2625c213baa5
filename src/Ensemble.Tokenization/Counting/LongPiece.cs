using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Unicode;
using Ensemble.Tokenization.Tables;

namespace Ensemble.Tokenization.Counting;

/// <summary>The tokens of any beginning and any end of one long piece, each in constant time once the whole has been encoded.</summary>
/// <remarks>
/// The first tokens of an encoding encode the bytes they cover, and so do the last. So the encoding of a beginning is some of the whole's first tokens and
/// that of the bytes between them and the cut, if the two may stand side by side; if not, fewer of the first tokens are taken. A limit is searched with
/// the same law: an encoding has a boundary in any stretch as long as the longest token, so if all beginnings that end in such a stretch have at
/// least <i>k</i> tokens, all longer ones have more.
/// </remarks>
internal unsafe struct LongPiece : IDisposable
{
    // Most encodings meet within so few bytes.
    private const int Window = 32;
    private const int WalkWindow = 256;

    private readonly PieceCounter _counter;
    private readonly void* _memory;
    private readonly byte* _bytes;
    private readonly int* _offsets;
    private readonly int* _starts;
    private readonly uint* _tokens;
    private readonly int _units;
    private readonly int _length;
    private readonly int _count;
    private Tail* _tails;
    private (long Tokens, int Unit) _last = (long.MinValue, 0);
    private (long Tokens, int Unit) _first = (long.MinValue, 0);

    /// <summary>Encodes a piece, or a text that pieces begin or end with.</summary>
    public LongPiece(PieceCounter counter, ReadOnlySpan<char> piece)
    {
        _counter = counter;
        _units = piece.Length;
        int bytes = TextUnits.Utf8Length(piece);
        _memory = NativeMemory.Alloc(checked((nuint)((sizeof(int) * (_units + 1L)) + (2L * sizeof(int) * (bytes + 1L)) + bytes)));
        _offsets = (int*)_memory;
        _starts = _offsets + _units + 1;
        _tokens = (uint*)(_starts + bytes + 1);
        _bytes = (byte*)(_tokens + bytes + 1);
        Utf8.FromUtf16(piece, new Span<byte>(_bytes, bytes), out _, out _);
        int next = 0;
        for (int unit = 0; unit < _units; unit++)
        {
            _offsets[unit] = _length;
            bool pair = char.IsHighSurrogate(piece[unit]) && unit + 1 < _units && char.IsLowSurrogate(piece[unit + 1]);
            if (pair)
            {
                _offsets[++unit] = _length;
            }

            // A byte without a token vanishes before anything merges.
            for (int last = next + (pair ? 4 : piece[unit] < 0x80 ? 1 : piece[unit] < 0x800 ? 2 : 3); next < last; next++)
            {
                _bytes[_length] = _bytes[next];
                _length += counter.HasToken(_bytes[next]) ? 1 : 0;
            }
        }

        Debug.Assert(next == bytes, "Every unit has its bytes.");
        _offsets[_units] = _length;
        _count = counter.Boundaries(_bytes, _length, _tokens, _starts);
    }

    /// <summary>The tokens of the first units.</summary>
    public long CountBefore(int unit) => CountHead(_offsets[unit]);

    /// <summary>The tokens of the units from one on.</summary>
    public long CountAfter(int unit) => CountTail(_offsets[unit]);

    /// <summary>A place such that every longer beginning has more tokens than a limit.</summary>
    public int LastThatMayFit(long limit)
    {
        if (_last.Tokens != limit)
        {
            _last = (limit, UnitBefore(LastByteThatMayFit(limit)));
        }

        return _last.Unit;
    }

    /// <summary>A place such that every longer end has more tokens than a limit.</summary>
    public int FirstThatMayFit(long limit)
    {
        if (_first.Tokens != limit)
        {
            _first = (limit, UnitBefore(FirstByteThatMayFit(limit)));
        }

        return _first.Unit;
    }

    public void Dispose()
    {
        NativeMemory.Free(_memory);
        NativeMemory.Free(_tails);
    }

    private int LastByteThatMayFit(long limit)
    {
        if (limit <= 0)
        {
            return 0;
        }

        int longest = _counter.LongestToken;
        long at = limit >= _count ? _length : _starts[limit] + (2L * longest);
        long known = -1;
        while (at < _length)
        {
            // All beginnings that end in the last stretch must have been counted, except those that were before it grew.
            long place = at;
            long lowest = Math.Max(known, at - longest);
            while (place > lowest && CountHead((int)place) >= limit)
            {
                place--;
            }

            if (place == lowest)
            {
                return (int)at;
            }

            (known, at) = (at, place + longest);
        }

        return _length;
    }

    private int FirstByteThatMayFit(long limit)
    {
        if (limit <= 0)
        {
            return _length;
        }

        int longest = _counter.LongestToken;
        long at = limit >= _count ? 0 : _starts[_count - limit] - (2L * longest);
        long known = long.MaxValue;
        while (at > 0)
        {
            long place = at;
            long highest = Math.Min(known, at + longest);
            while (place < highest && CountTail((int)place) >= limit)
            {
                place++;
            }

            if (place == highest)
            {
                return (int)at;
            }

            (known, at) = (at, place - longest);
        }

        return 0;
    }

    private long CountHead(int end)
    {
        for (long window = Window; ; window *= 4)
        {
            int kept = end <= _counter.PlainLength || window >= end ? 0 : TokenBefore(end - window);
            int length = end - _starts[kept];
            using var tokens = new NativeArray<uint>(length);
            using var starts = new NativeArray<int>(length + 1);
            int count = _counter.Boundaries(_bytes + _starts[kept], length, tokens.Pointer, starts.Pointer);
            if (kept == 0)
            {
                return _counter.CountBytes(new ReadOnlySpan<byte>(_bytes, end), count);
            }

            if (_counter.MayFollow(_tokens[kept - 1], tokens.Pointer[0]))
            {
                return kept + count;
            }
        }
    }

    private long CountTail(int start)
    {
        if (_length - start <= _counter.PlainLength)
        {
            return _counter.CountBytes(new ReadOnlySpan<byte>(_bytes + start, _length - start), merged: 0);
        }

        if (_tails == null)
        {
            KnowTails();
        }

        if (_tails[start].Count < 0 && !TryWalk(start))
        {
            WalkWhole(start);
        }

        return _tails[start].Count;
    }

    private void KnowTails()
    {
        _tails = (Tail*)NativeMemory.Alloc((nuint)_length + 1, (nuint)sizeof(Tail));
        for (int i = 0; i < _length; i++)
        {
            _tails[i].Count = -1;
        }

        _tails[_length] = default;
        for (int i = 0; i < _count; i++)
        {
            _tails[_starts[i]] = new Tail { Count = _count - i, First = _tokens[i], Next = _starts[i + 1] };
        }
    }

    /// <summary>Encodes from a byte on to the first boundary from which the rest is known; ends that are one byte apart may never share one.</summary>
    private bool TryWalk(int start)
    {
        uint* tokens = stackalloc uint[WalkWindow];
        int* starts = stackalloc int[WalkWindow + 1];
        int at = start;
        int before = -1;
        while (true)
        {
            int count = _counter.Boundaries(_bytes + at, Math.Min(WalkWindow, _length - at), tokens, starts);
            if (before >= 0 && !_counter.MayFollow(_tails[before].First, tokens[0]))
            {
                return false;
            }

            // Any boundary will do to meet what is known, but only those in the first half are likely ones of the whole.
            int kept = 0;
            for (int i = 0; i < count; i++)
            {
                int end = at + starts[i + 1];
                if (end == _length || (_tails[end].Count >= 0 && _counter.MayFollow(tokens[i], _tails[end].First)))
                {
                    Note(at, tokens, starts, i + 1);
                    Sum(start, end);
                    return true;
                }

                if (kept == i && (i == 0 || starts[i + 1] <= WalkWindow / 2))
                {
                    kept++;
                    if (_tails[end].Count >= 0)
                    {
                        return false;
                    }
                }
            }

            Note(at, tokens, starts, kept);
            before = at + starts[kept - 1];
            at += starts[kept];
        }
    }

    private void WalkWhole(int start)
    {
        int length = _length - start;
        using var tokens = new NativeArray<uint>(length);
        using var starts = new NativeArray<int>(length + 1);
        Note(start, tokens.Pointer, starts.Pointer, _counter.Boundaries(_bytes + start, length, tokens.Pointer, starts.Pointer));
        Sum(start, _length);
    }

    // A place that is noted but not summed yet keeps a negative count.
    private void Note(int at, uint* tokens, int* starts, int count)
    {
        for (int i = 0; i < count; i++)
        {
            ref Tail tail = ref _tails[at + starts[i]];
            if (tail.Count < 0)
            {
                tail.First = tokens[i];
                tail.Next = at + starts[i + 1];
            }
        }
    }

    private void Sum(int start, int known)
    {
        int count = 0;
        for (int at = start; at != known; at = _tails[at].Next)
        {
            count++;
        }

        count += _tails[known].Count;
        for (int at = start; at != known; at = _tails[at].Next)
        {
            _tails[at].Count = count--;
        }
    }

    /// <summary>The last token that starts at or before a byte.</summary>
    private int TokenBefore(long place) => LastNotAbove(_starts, _count, place);

    private int UnitBefore(int place) => LastNotAbove(_offsets, _units, place);

    private static int LastNotAbove(int* sorted, int last, long value)
    {
        int low = 0;
        while (low < last)
        {
            int middle = low + ((last - low + 1) / 2);
            if (sorted[middle] <= value)
            {
                low = middle;
            }
            else
            {
                last = middle - 1;
            }
        }

        return low;
    }

    /// <summary>The bytes from one on: how many tokens, the first of them and where the second starts.</summary>
    private struct Tail
    {
        public int Count;
        public uint First;
        public int Next;
    }
}
