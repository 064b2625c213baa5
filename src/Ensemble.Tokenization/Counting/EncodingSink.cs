using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Ensemble.Tokenization.Kernels;
using Ensemble.Tokenization.Merging;
using Ensemble.Tokenization.Splitting;

namespace Ensemble.Tokenization.Counting;

/// <summary>Writes the ids of pieces, 64 at a time: first all tags are made and their buckets fetched, then all are looked up, the missing made, and all written.</summary>
internal unsafe ref struct EncodingSink<TKernel>(Vector128<byte>* lengthMasks, IdCache cache, BytePairVocabulary vocabulary, TokenSink tokens) : IPieceSink
    where TKernel : struct, IBlockKernel
{
    private const int BatchLength = 64;

    // Longer pieces rarely have few enough ids. A piece has no more ids than bytes.
    private const int MaxRememberedLength = 1024;

    // A word is written whole, with room for one id more than it has.
    private const int WordLength = IdCache.IdsPerWord + 1;

    private TokenSink _tokens = tokens;

    /// <summary>The ids given before and here.</summary>
    public readonly TokenSink Tokens => _tokens;

    public bool Add(byte* text, int start, int* ends, int count)
    {
        byte** buckets = stackalloc byte*[BatchLength];
        ulong* tags = stackalloc ulong[BatchLength];
        ulong* words = stackalloc ulong[BatchLength];
        IdCache known = cache;
        Vector128<byte>* masks = lengthMasks;
        for (int first = 0; first < count; first += BatchLength)
        {
            int batch = Math.Min(BatchLength, count - first);
            int* batchEnds = ends + first;
            int at = start;
            for (int i = 0; i < batch; i++)
            {
                byte* piece = text + at;
                int length = batchEnds[i] - at;
                at = batchEnds[i];
                byte* bucket = length <= PieceCache.MaxPlainKey
                    ? known.PlainBucketOf(piece, length, masks, tags + i)
                    : known.LongBucketOf(piece, length, tags + i);
                if (Sse.IsSupported)
                {
                    Sse.Prefetch0(bucket);
                }

                buckets[i] = bucket;
            }

            ulong misses = TKernel.FindIds(buckets, tags, batch, words);
            if (misses != 0)
            {
                FindMissing(text, start, batchEnds, misses, tags, buckets, words);
            }

            Write(text, start, batchEnds, batch, tags, buckets, words);
            start = at;
        }

        return true;
    }

    public bool AddUncached(ReadOnlySpan<byte> piece)
    {
        vocabulary.Encode<TKernel>(piece, ref _tokens);
        return true;
    }

    private void Write(byte* text, int start, int* ends, int count, ulong* tags, byte** buckets, ulong* words)
    {
        int i = 0;
        while (i < count)
        {
            int written = 0;
            if (_tokens.HasRoom(WordLength * (count - i)))
            {
                ref int next = ref _tokens.Next;
                for (; i < count; i++)
                {
                    uint ids = (uint)(words[i] >> IdCache.CountShift);
                    if (ids - 1 >= IdCache.IdsPerWord)
                    {
                        break;
                    }

                    IdCache.Unpack(words[i], ref Unsafe.Add(ref next, written));
                    written += (int)ids;
                }

                _tokens.Skip(written);
            }

            if (i < count)
            {
                int from = i == 0 ? start : ends[i - 1];
                WriteOne(new ReadOnlySpan<byte>(text + from, ends[i] - from), buckets[i], tags[i], words[i]);
                i++;
            }
        }
    }

    /// <summary>Writes the ids of a piece that has many of them, or that there is little room for, or that nobody remembers.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WriteOne(ReadOnlySpan<byte> piece, byte* bucket, ulong tag, ulong word)
    {
        if (cache.TryAddTo(ref _tokens, bucket, tag, word))
        {
            return;
        }

        uint ids = (uint)(word >> IdCache.CountShift);
        if (ids - 1 >= IdCache.IdsPerWord)
        {
            Make(piece, bucket, tag);
            return;
        }

        int* few = stackalloc int[WordLength];
        IdCache.Unpack(word, ref *few);
        _tokens.AddIds(new ReadOnlySpan<int>(few, (int)ids));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Make(ReadOnlySpan<byte> piece, byte* bucket, ulong tag)
    {
        if (piece.Length > MaxRememberedLength)
        {
            vocabulary.Encode<TKernel>(piece, ref _tokens);
            return;
        }

        int* ids = stackalloc int[MaxRememberedLength];
        var made = new TokenSink(new Span<int>(ids, MaxRememberedLength));
        vocabulary.Encode<TKernel>(piece, ref made);
        var all = new ReadOnlySpan<int>(ids, (int)made.Count);
        _tokens.AddIds(all);
        cache.Add(bucket, tag, all);
    }

    /// <summary>Encodes the short ones among the pieces that the cache did not know, several at a time, and remembers them.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void FindMissing(byte* text, int start, int* ends, ulong misses, ulong* tags, byte** buckets, ulong* words)
    {
        if (!vocabulary.MergesOnly)
        {
            return;
        }

        byte** pieces = stackalloc byte*[BatchLength];
        int* lengths = stackalloc int[BatchLength];
        int* places = stackalloc int[BatchLength];
        int* counts = stackalloc int[BatchLength];
        uint* ids = stackalloc uint[BatchLength * LaneMerger.MaxLength];
        int waiting = 0;
        for (; misses != 0; misses &= misses - 1)
        {
            int i = BitOperations.TrailingZeroCount(misses);
            int pieceStart = i == 0 ? start : ends[i - 1];
            int length = ends[i] - pieceStart;
            if (length <= LaneMerger.MaxLength)
            {
                pieces[waiting] = text + pieceStart;
                lengths[waiting] = length;
                places[waiting++] = i;
            }
        }

        vocabulary.EncodeMany<TKernel>(pieces, lengths, waiting, counts, ids);
        for (int i = 0; i < waiting; i++)
        {
            int place = places[i];
            words[place] = cache.Add(buckets[place], tags[place], new ReadOnlySpan<int>(ids + (LaneMerger.MaxLength * i), counts[i]));
        }
    }
}
