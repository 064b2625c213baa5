using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Ensemble.Tokenization.Kernels;
using Ensemble.Tokenization.Merging;
using Ensemble.Tokenization.Splitting;

namespace Ensemble.Tokenization.Counting;

/// <summary>Adds up the counts of pieces, 64 at a time: first all keys are made and their buckets fetched, then all are looked up, then the missing made.</summary>
internal unsafe ref struct CountingSink<TKernel>(PieceCache cache, BytePairVocabulary vocabulary, long limit) : IPieceSink
    where TKernel : struct, IBlockKernel
{
    private const int BatchLength = 64;

    /// <summary>The tokens so far.</summary>
    public long Total { get; private set; }

    public bool Add(byte* text, int start, int* ends, int count)
    {
        byte** buckets = stackalloc byte*[BatchLength];
        Vector128<byte>* keys = stackalloc Vector128<byte>[BatchLength];
        PieceCache known = cache;
        long total = 0;
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
                byte* bucket;
                if (length <= PieceCache.MaxPlainKey)
                {
                    bucket = known.PlainBucketOf(piece, length, (ulong*)(keys + i));
                }
                else
                {
                    keys[i] = PieceHash.KeyOf(piece, length);
                    bucket = known.BucketOf(keys[i]);
                }

                if (Sse.IsSupported)
                {
                    Sse.Prefetch0(bucket);
                }

                buckets[i] = bucket;
            }

            total += TKernel.SumCounts(buckets, keys, batch, out ulong misses);
            if (misses != 0)
            {
                total += CountMissing(text, start, batchEnds, misses, keys, buckets);
            }

            start = at;
        }

        Total += total;
        return Total <= limit;
    }

    public bool AddUncached(ReadOnlySpan<byte> piece)
    {
        Total += vocabulary.Count<TKernel>(piece);
        return Total <= limit;
    }

    /// <summary>Counts the pieces that the cache did not know, the short ones several at a time, and remembers them.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly long CountMissing(byte* text, int start, int* ends, ulong misses, Vector128<byte>* keys, byte** buckets)
    {
        byte** pieces = stackalloc byte*[BatchLength];
        int* lengths = stackalloc int[BatchLength];
        int* places = stackalloc int[BatchLength];
        int* counts = stackalloc int[BatchLength];
        int waiting = 0;
        long total = 0;
        for (; misses != 0; misses &= misses - 1)
        {
            int i = BitOperations.TrailingZeroCount(misses);
            int pieceStart = i == 0 ? start : ends[i - 1];
            int length = ends[i] - pieceStart;
            if (length <= LaneMerger.MaxLength && vocabulary.MergesOnly)
            {
                pieces[waiting] = text + pieceStart;
                lengths[waiting] = length;
                places[waiting++] = i;
            }
            else
            {
                long count = vocabulary.Count<TKernel>(new ReadOnlySpan<byte>(text + pieceStart, length));
                total += count;
                Remember(buckets[i], keys[i], count);
            }
        }

        vocabulary.CountMany<TKernel>(pieces, lengths, waiting, counts);
        for (int i = 0; i < waiting; i++)
        {
            total += counts[i];
            Remember(buckets[places[i]], keys[places[i]], counts[i]);
        }

        return total;
    }

    private readonly void Remember(byte* bucket, Vector128<byte> key, long count)
    {
        if (count is > 0 and <= PieceCache.MaxCount)
        {
            cache.Add(bucket, key, (int)count);
        }
    }
}
