using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Ensemble.Tokenization.Kernels;
using Ensemble.Tokenization.Tables;

namespace Ensemble.Tokenization.Merging;

/// <summary>Which token, if any, two adjacent tokens merge into.</summary>
/// <remarks>
/// A bucket is one cache line of 16 entries, each a token with some bits of its pair's hash above it. Whether the token's parts are the pair is then
/// looked up in the merge list; a wrong guess is rare, so the processor goes on meanwhile. Entries of 4 bytes instead of 8 make the table small enough
/// to stay near, and a random load from afar costs more than all the arithmetic here.
/// </remarks>
internal sealed unsafe class PairTable
{
    /// <summary>No merge. Real results are 256 and above.</summary>
    public const uint None = 0;

    /// <summary>A token that merges with nothing.</summary>
    public const uint Nothing = MergeList.MaxTokens - 1;

    private const int EntriesPerBucket = 16;
    private const int BytesPerBucket = EntriesPerBucket * sizeof(uint);

    // At nine entries a bucket one bucket in fifty is full, and only behind those must a search go on.
    private const int MeanEntriesPerBucket = 9;
    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;

    private readonly NativeBuffer _memory;
    private readonly MergeList _merges;
    private readonly byte* _byteTokens;
    private readonly uint* _bytePairs;
    private readonly byte* _buckets;
    private readonly uint _bucketCount;
    private readonly int _tokenBits;
    private readonly uint _tokenMask;
    private readonly uint _tagMask;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public PairTable(MergeList merges)
    {
        _merges = merges;
        _bucketCount = (uint)(merges.TokenCount / MeanEntriesPerBucket) + 1;
        _tokenBits = BitOperations.Log2((uint)merges.TokenCount) + 1;
        _tokenMask = (1u << _tokenBits) - 1;
        _tagMask = uint.MaxValue >> _tokenBits;
        const int bytePairsLength = MergeList.ByteTokens * MergeList.ByteTokens * sizeof(uint);
        _memory = new NativeBuffer(bytePairsLength + ((nuint)BytesPerBucket * _bucketCount), scattered: true);
        _bytePairs = (uint*)_memory.Pointer;
        _buckets = _memory.Pointer + bytePairsLength;
        _byteTokens = merges.ByteTokensInOrder;
        byte* byteOf = stackalloc byte[MergeList.ByteTokens];
        for (int value = 0; value < MergeList.ByteTokens; value++)
        {
            byteOf[_byteTokens[value]] = (byte)value;
        }

        uint count = (uint)merges.TokenCount;
        for (uint token = MergeList.ByteTokens; token < count; token++)
        {
            uint left = merges.Left(token);
            uint right = merges.Right(token);
            if ((left | right) < MergeList.ByteTokens)
            {
                _bytePairs[((uint)byteOf[left] << 8) | byteOf[right]] = token;
            }

            Add(left, right, token);
        }
    }

    /// <summary>The token of a byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint TokenOfByte(byte value) => _byteTokens[value];

    /// <summary>The merge of the tokens of two bytes, or <see cref="None"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint FindBytes(byte left, byte right) => _bytePairs[((uint)left << 8) | right];

    /// <summary>The merge of two tokens, or <see cref="None"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Find<TKernel>(uint left, uint right)
        where TKernel : struct, IBlockKernel
    {
        ulong hash = Hash(left, right);
        uint guess = Guess<TKernel>((uint*)BucketOf(hash), hash);
        return guess == None || IsMergeOf(guess, left, right) ? guess : FindSlowly(hash, left, right);
    }

    /// <summary>Has the processor fetch what <see cref="Guess{TKernel}(uint*, uint, uint)"/> will read.</summary>
    /// <returns>The bucket to pass to it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint* Prefetch(uint left, uint right)
    {
        byte* bucket = BucketOf(Hash(left, right));
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(bucket);
        }

        return (uint*)bucket;
    }

    /// <summary>What the merge of two tokens can only be, going by the hash of the pair, and has the processor fetch what tells whether it is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Guess<TKernel>(uint* bucket, uint left, uint right)
        where TKernel : struct, IBlockKernel
    {
        uint guess = Guess<TKernel>(bucket, Hash(left, right));
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(_merges.PartsOf(guess));
        }

        return guess;
    }

    /// <summary>Whether a guess is right, or says that there is no merge; if not, <see cref="FindSlowly(uint, uint)"/> tells what there is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsRight(uint guess, uint left, uint right)
    {
        // No branch for a guess of none, which is every other. Before the first parts stand the tokens of bytes, so it can be read in their place.
        uint none = NoneMask(guess);
        uint difference = _merges.Difference(guess | (none & (MergeList.ByteTokens - 1)), left, right);
        return (difference & ~none) == 0;
    }

    /// <summary>All ones for <see cref="None"/>, else zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint NoneMask(uint token) => (uint)((int)(token - 1) >> 31);

    /// <summary>The merge of two tokens, or <see cref="None"/>, where a guess was wrong.</summary>
    public uint FindSlowly(uint left, uint right) => FindSlowly(Hash(left, right), left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Guess<TKernel>(uint* bucket, ulong hash)
        where TKernel : struct, IBlockKernel
    {
        uint matches = TKernel.FindEntries(bucket, TagOf(hash), _tokenBits);

        // Without a match the last entry: in a bucket that is not full that is none, and else a guess that turns out wrong.
        return bucket[BitOperations.TrailingZeroCount(matches | (1u << (EntriesPerBucket - 1)))] & _tokenMask;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsMergeOf(uint token, uint left, uint right) => _merges.Difference(token, left, right) == 0;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private uint FindSlowly(ulong hash, uint left, uint right)
    {
        for (byte* bucket = BucketOf(hash); ; bucket = Next(bucket))
        {
            for (int i = 0; i < EntriesPerBucket; i++)
            {
                uint entry = ((uint*)bucket)[i];
                if (entry == 0)
                {
                    return None;
                }

                uint token = entry & _tokenMask;
                if (entry >> _tokenBits == TagOf(hash) && IsMergeOf(token, left, right))
                {
                    return token;
                }
            }
        }
    }

    // Into the constructor, which alone is compiled with care at once: a call for each merge would run unoptimised.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(uint left, uint right, uint token)
    {
        ulong hash = Hash(left, right);
        uint entry = (TagOf(hash) << _tokenBits) | token;
        for (byte* bucket = BucketOf(hash); ; bucket = Next(bucket))
        {
            for (int i = 0; i < EntriesPerBucket; i++)
            {
                if (((uint*)bucket)[i] == 0)
                {
                    ((uint*)bucket)[i] = entry;
                    return;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* Next(byte* bucket) => bucket + BytesPerBucket == _buckets + ((nuint)BytesPerBucket * _bucketCount) ? _buckets : bucket + BytesPerBucket;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Hash(uint left, uint right) => (((ulong)left << 32) | right) * Multiplier;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* BucketOf(ulong hash) => _buckets + ((((hash >> 32) * _bucketCount) >> 32) * BytesPerBucket);

    // Never zero, so that an empty entry never looks like a match.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint TagOf(ulong hash) => ((uint)(hash >> 12) & _tagMask) | 1;
}
