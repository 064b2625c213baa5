using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Ensemble.Tokenization.Kernels;
using Ensemble.Tokenization.Merging;
using Ensemble.Tokenization.Splitting;

namespace Ensemble.Tokenization.Counting;

/// <summary>Adds up the counts of pieces, 64 at a time: first all keys are made and their buckets fetched, then all are looked up. The missing wait for each other.</summary>
internal unsafe ref struct CountingSink<TKernel>(PieceCache cache, BytePairVocabulary vocabulary, long limit) : IPieceSink
    where TKernel : struct, IBlockKernel
{
    private const int BatchLength = 64;

    // The pieces of a short text are looked up one by one: what batches gain they lose again to their arrays.
    private const int Few = 64;

    /// <summary>The tokens so far.</summary>
    public long Total { get; private set; }

    public bool Add(byte* text, int start, int* ends, int count)
    {
        int added = count <= Few ? AddKnown(text, ref start, ends, count) : 0;
        if (added < count)
        {
            AddMany(text, start, ends + added, count - added);
        }

        return Total <= limit;
    }

    /// <summary>Adds pieces as long as the cache knows them.</summary>
    /// <returns>How many they are; <paramref name="start"/> is where the next one starts.</returns>
    private int AddKnown(byte* text, ref int start, int* ends, int count)
    {
        PieceCache known = cache;
        long total = 0;
        int added = 0;
        while (added < count)
        {
            byte* piece = text + start;
            int length = ends[added] - start;
            if (length > PieceCache.MaxPlainKey)
            {
                break;
            }

            long tokens = TKernel.FindCount(known.PlainBucketOf(piece, length, out ulong low, out ulong high), low, high);
            if (tokens == 0)
            {
                break;
            }

            total += tokens;
            start = ends[added++];
        }

        Total += total;
        return added;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AddMany(byte* text, int start, int* ends, int count)
    {
        byte** buckets = stackalloc byte*[BatchLength];
        Vector128<byte>* keys = stackalloc Vector128<byte>[BatchLength];
        PieceCache known = cache;
        byte** missingPieces = stackalloc byte*[MissingPieces.Capacity];
        int* missingLengths = stackalloc int[MissingPieces.Capacity];
        byte** missingBuckets = stackalloc byte*[MissingPieces.Capacity];
        Vector128<byte>* missingKeys = stackalloc Vector128<byte>[MissingPieces.Capacity];
        var missing = new MissingPieces(missingPieces, missingLengths, missingBuckets, missingKeys);
        long total = 0;
        for (int first = 0; first < count; first += BatchLength)
        {
            int batch = Math.Min(BatchLength, count - first);
            int* batchEnds = ends + first;
            known.FindBuckets(text, start, batchEnds, batch, keys, buckets);
            total += TKernel.SumCounts(buckets, keys, batch, out ulong misses);
            if (misses != 0)
            {
                total += AddMissing(text, start, batchEnds, misses, keys, buckets, ref missing);
            }

            start = batchEnds[batch - 1];
        }

        if (missing.Count > 0)
        {
            total += CountMissing(ref missing);
        }

        Total += total;
    }

    public bool AddUncached(ReadOnlySpan<byte> piece)
    {
        Total += vocabulary.Count<TKernel>(piece);
        return Total <= limit;
    }

    /// <summary>Counts the pieces that the cache did not know, or has the short ones wait for more.</summary>
    /// <returns>The count of those that do not wait.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly long AddMissing(byte* text, int start, int* ends, ulong misses, Vector128<byte>* keys, byte** buckets, ref MissingPieces missing)
    {
        long total = 0;
        for (; misses != 0; misses &= misses - 1)
        {
            int i = BitOperations.TrailingZeroCount(misses);
            int pieceStart = i == 0 ? start : ends[i - 1];
            int length = ends[i] - pieceStart;
            if (length <= LaneMerger.MaxLength && vocabulary.MergesOnly)
            {
                if (missing.Count == MissingPieces.Capacity)
                {
                    total += CountMissing(ref missing);
                }

                missing.Add(text + pieceStart, length, buckets[i], keys[i]);
            }
            else
            {
                long count = vocabulary.Count<TKernel>(new ReadOnlySpan<byte>(text + pieceStart, length));
                total += count;
                Remember(buckets[i], keys[i], count);
            }
        }

        return total;
    }

    /// <summary>Counts the pieces that wait, and remembers them.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly long CountMissing(ref MissingPieces missing)
    {
        int* counts = stackalloc int[MissingPieces.Capacity];
        long total = 0;
        vocabulary.CountMany<TKernel>(missing.Pieces, missing.Lengths, missing.Count, counts);
        for (int i = 0; i < missing.Count; i++)
        {
            total += counts[i];
            Remember(missing.Buckets[i], missing.Keys[i], counts[i]);
        }

        missing.Clear();
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
