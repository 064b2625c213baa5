using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Ensemble.Tokenization.Tables;

namespace Ensemble.Tokenization.Merging;

/// <summary>Which token, if any, two adjacent tokens merge into.</summary>
/// <remarks>
/// Three tables, smallest first, because a random load beyond the second-level cache costs more than all the arithmetic here: pairs of single bytes by
/// index; a one-hash filter that turns away nine of ten pairs that do not merge; buckets of eight entries, one cache line each.
/// </remarks>
internal sealed unsafe class PairTable
{
    /// <summary>No merge. Real results are 256 and above.</summary>
    public const uint None = 0;

    private const int EntriesPerBucket = 8;
    private const int PartBits = 20;
    private const int FilterBits = 21;
    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;
    private const ulong ResultMask = (1UL << PartBits) - 1;

    private readonly NativeBuffer _memory;
    private readonly uint* _bytePairs;
    private readonly ulong* _filter;
    private readonly ulong* _buckets;
    private readonly int _bucketShift;
    private readonly uint _bucketMask;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public PairTable(MergeList merges)
    {
        int bucketBits = 1;
        while ((EntriesPerBucket << bucketBits) * 0.8 < merges.TokenCount)
        {
            bucketBits++;
        }

        const int bytePairsLength = MergeList.ByteTokens * MergeList.ByteTokens * sizeof(uint);
        const int filterLength = 1 << (FilterBits - 3);
        _memory = new NativeBuffer(bytePairsLength + filterLength + ((nuint)(EntriesPerBucket * sizeof(ulong)) << bucketBits));
        _bytePairs = (uint*)_memory.Pointer;
        _filter = (ulong*)(_memory.Pointer + bytePairsLength);
        _buckets = (ulong*)(_memory.Pointer + bytePairsLength + filterLength);
        _bucketShift = 64 - bucketBits;
        _bucketMask = (1u << bucketBits) - 1;

        uint count = (uint)merges.TokenCount;
        for (uint token = MergeList.ByteTokens; token < count; token++)
        {
            Add(merges.Left(token), merges.Right(token), token);
        }
    }

    /// <summary>The merge of two single-byte tokens, or <see cref="None"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint FindBytes(uint left, uint right) => _bytePairs[(left << 8) | right];

    /// <summary>The merge of two tokens, or <see cref="None"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Find(uint left, uint right)
    {
        ulong key = Key(left, right);
        ulong hash = key * Multiplier;
        if (((_filter[FilterIndex(hash) >> 6] >> (int)FilterIndex(hash)) & 1) == 0)
        {
            return None;
        }

        ulong* bucket = _buckets + ((hash >> _bucketShift) * EntriesPerBucket);
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<ulong> difference = Vector512.LoadAligned(bucket) ^ Vector512.Create(key);
            uint match = (uint)Vector512.LessThanOrEqual(difference, Vector512.Create(ResultMask)).ExtractMostSignificantBits();
            if (match != 0)
            {
                return (uint)(bucket[System.Numerics.BitOperations.TrailingZeroCount(match)] & ResultMask);
            }

            return bucket[EntriesPerBucket - 1] == 0 ? None : FindFrom((uint)(hash >> _bucketShift) + 1, key);
        }

        return FindFrom((uint)(hash >> _bucketShift), key);
    }

    private uint FindFrom(uint bucketIndex, ulong key)
    {
        while (true)
        {
            ulong* bucket = _buckets + ((nuint)(bucketIndex & _bucketMask) * EntriesPerBucket);
            for (int i = 0; i < EntriesPerBucket; i++)
            {
                if ((bucket[i] ^ key) <= ResultMask)
                {
                    return (uint)(bucket[i] & ResultMask);
                }

                if (bucket[i] == 0)
                {
                    return None;
                }
            }

            bucketIndex++;
        }
    }

    private void Add(uint left, uint right, uint result)
    {
        if ((left | right) < MergeList.ByteTokens)
        {
            _bytePairs[(left << 8) | right] = result;
        }

        ulong key = Key(left, right);
        ulong hash = key * Multiplier;
        _filter[FilterIndex(hash) >> 6] |= 1UL << (int)FilterIndex(hash);
        uint bucketIndex = (uint)(hash >> _bucketShift);
        while (true)
        {
            ulong* bucket = _buckets + ((nuint)(bucketIndex & _bucketMask) * EntriesPerBucket);
            for (int i = 0; i < EntriesPerBucket; i++)
            {
                if (bucket[i] == 0)
                {
                    bucket[i] = key | result;
                    return;
                }
            }

            bucketIndex++;
        }
    }

    // The result fills the low bits of an entry; a full entry is never 0 because a result never is.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Key(uint left, uint right) => ((ulong)left << (2 * PartBits)) | ((ulong)right << PartBits);

    // Bits of the product that the bucket number does not use.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint FilterIndex(ulong hash) => (uint)(hash >> 20) & ((1u << FilterBits) - 1);
}
