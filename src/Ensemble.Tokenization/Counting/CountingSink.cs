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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Add(byte* text, int start, int* ends, int count)
    {
        byte** buckets = stackalloc byte*[BatchLength];
        Vector128<byte>* keys = stackalloc Vector128<byte>[BatchLength];
        Vector128<byte>* lengthMasks = cache.LengthMasks;
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
                if (length > PieceCache.MaxPlainKey)
                {
                    total += CountLong(piece, length);
                    keys[i] = PieceCache.NullKey;
                    buckets[i] = cache.NullBucket;
                    continue;
                }

                Vector128<byte> key = PieceCache.PlainKey(piece, length, lengthMasks);
                byte* bucket = cache.BucketOf(key);
                if (Sse.IsSupported)
                {
                    Sse.Prefetch0(bucket);
                }

                keys[i] = key;
                buckets[i] = bucket;
            }

            total += TKernel.SumCounts(buckets, keys, batch, out ulong misses);
            for (; misses != 0; misses &= misses - 1)
            {
                int i = BitOperations.TrailingZeroCount(misses);
                int pieceStart = i == 0 ? start : batchEnds[i - 1];
                total += CountMissing(text + pieceStart, batchEnds[i] - pieceStart, keys[i], buckets[i]);
            }

            start = at;
        }

        Total += total;
        return Total <= limit;
    }

    public bool AddUncached(ReadOnlySpan<byte> piece)
    {
        Total += vocabulary.Count(piece);
        return Total <= limit;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly long CountMissing(byte* piece, int length, Vector128<byte> key, byte* bucket)
    {
        // It may have come in since, in this very batch.
        int known = PieceCache.Find(bucket, key);
        if (known != 0)
        {
            return known;
        }

        long count = vocabulary.Count(new ReadOnlySpan<byte>(piece, length));
        if (count is > 0 and <= PieceCache.MaxCount)
        {
            cache.Add(bucket, key, (int)count);
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly long CountLong(byte* piece, int length)
    {
        if (length > PieceCache.MaxLength)
        {
            return vocabulary.Count(new ReadOnlySpan<byte>(piece, length));
        }

        Vector128<byte> key = PieceHash.KeyOf(piece, length);
        byte* bucket = cache.BucketOf(key);
        int known = PieceCache.Find(bucket, key);
        if (known != 0)
        {
            return known;
        }

        long count = vocabulary.Count(new ReadOnlySpan<byte>(piece, length));
        if (count is > 0 and <= PieceCache.MaxCount)
        {
            cache.Add(bucket, key, (int)count);
        }

        return count;
    }
}
