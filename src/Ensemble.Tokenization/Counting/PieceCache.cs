using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Ensemble.Tokenization.Kernels;
using Ensemble.Tokenization.Tables;
using ArmCrc32 = System.Runtime.Intrinsics.Arm.Crc32;

namespace Ensemble.Tokenization.Counting;

/// <summary>The counts of pieces seen lately: a fixed table that all threads share without locks.</summary>
/// <remarks>
/// <para>An entry is one aligned 16-byte word: 15 bytes of key, then the count, 1 to 255. Processors with AVX, and Arm's with LSE2, read and write such a
/// word in one piece, so an entry is seen whole or not at all, whoever replaces it; elsewhere its halves are scrambled with each other, so that halves of
/// two entries match nothing (Hyatt and Mann, "A lock-less transposition table", ICGA 2002). A bucket is four entries, one cache line.</para>
/// <para>A piece of up to 15 bytes is its own key, padded with zeros; pieces with zero bytes are never looked up. A longer one is known by 112 bits of a
/// hash that is seeded by the process, with 0xFF, which no UTF-8 contains, in byte 14: two pieces are taken for the same with a chance below 2⁻⁶⁰.</para>
/// </remarks>
internal sealed unsafe class PieceCache
{
    /// <summary>The longest piece that is its own key.</summary>
    public const int MaxPlainKey = 15;

    /// <summary>The largest count that an entry holds.</summary>
    public const int MaxCount = byte.MaxValue;

    /// <summary>4 MB: half of it costs a sixth of the speed on English, twice of it gains nothing.</summary>
    public const int DefaultBucketBits = 16;

    private const int Ways = 4;
    private const int BucketLength = 64;
    private const int MaskRows = 16;

    private readonly NativeBuffer _memory;
    private readonly NativeBuffer _maskMemory = new(MaskRows * 16);
    private readonly byte* _buckets;
    private readonly uint _bucketMask;
    private readonly Vector128<byte>* _lengthMasks;
    private readonly bool _wholeWords;
    private uint _evictions;

    /// <summary>An empty cache.</summary>
    /// <param name="wholeWords">Whether its users read 16-byte words in one piece; see <see cref="IBlockKernel.ReadsWholeWords"/>.</param>
    /// <param name="bucketBits">The binary logarithm of the number of buckets.</param>
    public PieceCache(bool wholeWords, int bucketBits = DefaultBucketBits)
    {
        _wholeWords = wholeWords;
        nuint table = (nuint)BucketLength << bucketBits;
        _memory = new NativeBuffer(table, scattered: true);
        _buckets = _memory.Pointer;
        _bucketMask = (1u << bucketBits) - 1;
        _lengthMasks = (Vector128<byte>*)_maskMemory.Pointer;
        for (int length = 0; length < MaskRows; length++)
        {
            new Span<byte>((byte*)(_lengthMasks + length), length).Fill(0xFF);
        }
    }

    /// <summary>Masks that keep the first 0 to 15 bytes of a vector.</summary>
    public Vector128<byte>* LengthMasks => _lengthMasks;

    /// <summary>The key of a piece of up to 15 bytes, 16 of which can be read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> PlainKey(byte* piece, int length, Vector128<byte>* lengthMasks) => Vector128.Load(piece) & lengthMasks[length];

    /// <summary>Makes the halves of the key of a piece of up to 15 bytes, 16 of which can be read, and finds its bucket without going through a vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* PlainBucketOf(byte* piece, int length, out ulong low, out ulong high)
    {
        ulong* mask = (ulong*)(_lengthMasks + length);
        // In locals: read back through the parameters, the halves would come from memory.
        ulong first = ((ulong*)piece)[0] & mask[0];
        ulong second = ((ulong*)piece)[1] & mask[1];
        low = first;
        high = second;
        return _buckets + ((nuint)(Hash(first, second) & _bucketMask) * BucketLength);
    }

    /// <summary>Makes the keys of 1 to 64 adjacent pieces, 16 bytes of each of which can be read, and fetches their buckets.</summary>
    public void FindBuckets(byte* text, int start, int* ends, int count, Vector128<byte>* keys, byte** buckets)
    {
        ulong tooLong = FindPlainBuckets(text, start, ends, count, keys, buckets, _lengthMasks, _buckets, _bucketMask);
        for (; tooLong != 0; tooLong &= tooLong - 1)
        {
            int i = BitOperations.TrailingZeroCount(tooLong);
            int pieceStart = i == 0 ? start : ends[i - 1];
            keys[i] = PieceHash.KeyOf(text + pieceStart, ends[i] - pieceStart);
            buckets[i] = BucketOf(keys[i]);
            if (Sse.IsSupported)
            {
                Sse.Prefetch0(buckets[i]);
            }
        }
    }

    /// <summary>Takes all pieces for their own keys.</summary>
    /// <returns>Those of more than 15 bytes, which are not.</returns>
    /// <remarks>Nothing is called in the loop, so that what it needs stays in registers, and no branch asks for the length, which none could guess.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static ulong FindPlainBuckets(
        byte* text, nint start, int* ends, nint count, Vector128<byte>* keys, byte** buckets, Vector128<byte>* lengthMasks, byte* table, uint bucketMask)
    {
        ulong longs = 0;
        nint at = start;
        for (nint i = 0; i < count; i++)
        {
            nint end = ends[i];
            nint length = end - at;
            // All ones when the piece is too long for a key.
            nint tooLong = (MaxPlainKey - length) >> 63;
            longs = (longs >> 1) | ((ulong)tooLong << 63);
            ulong* mask = (ulong*)(lengthMasks + ((length | tooLong) & MaxPlainKey));
            ulong low = ((ulong*)(text + at))[0] & mask[0];
            ulong high = ((ulong*)(text + at))[1] & mask[1];
            ((ulong*)keys)[2 * i] = low;
            ((ulong*)keys)[(2 * i) + 1] = high;
            byte* bucket = table + ((nuint)(Hash(low, high) & bucketMask) * BucketLength);
            if (Sse.IsSupported)
            {
                Sse.Prefetch0(bucket);
            }

            buckets[i] = bucket;
            at = end;
        }

        return longs >> (int)(64 - count);
    }

    /// <summary>The bucket of a key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* BucketOf(Vector128<byte> key) => _buckets + ((nuint)(Hash(key) & _bucketMask) * BucketLength);

    /// <summary>Remembers a count of 1 to 255, in an empty place or in place of some other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(byte* bucket, Vector128<byte> key, int count)
    {
        Vector128<byte> word = key.WithElement(MaxPlainKey, (byte)count);
        if (!_wholeWords)
        {
            Vector128<ulong> halves = word.AsUInt64();
            word = halves.WithElement(0, halves.ToScalar() ^ ScalarKernel.Scramble(halves.GetElement(1))).AsByte();
        }

        int way = 0;
        bool known = false;
        while (way < Ways && bucket[(16 * way) + MaxPlainKey] != 0)
        {
            if (Vector128.LoadAligned(bucket + (16 * way)) == word)
            {
                if (known)
                {
                    // Another thread added it at the same time, and a key found twice counts as not found.
                    Vector128.StoreAligned(Vector128<byte>.Zero, bucket + (16 * way));
                }

                known = true;
            }

            way++;
        }

        if (known)
        {
            return;
        }

        if (way == Ways)
        {
            // Any will do, so a race for the counter does no harm.
            way = (int)(_evictions++ & (Ways - 1));
        }

        Vector128.StoreAligned(word, bucket + (16 * way));
    }

    /// <summary>Remembers the tokens of lowest rank, which as pieces are themselves: no text has to teach them.</summary>
    /// <param name="merges">The tokens.</param>
    /// <param name="tokens">How many of them.</param>
    /// <param name="hasAllBytes">Whether every byte has a token; if not, single bytes are left out.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Seed(MergeList merges, int tokens, bool hasAllBytes)
    {
        using var seeds = new SeedKeys(merges, tokens);
        const int ahead = 32;
        for (uint first = hasAllBytes ? 0 : (uint)MergeList.ByteTokens; first < seeds.Count; first += ahead)
        {
            // Nothing of the table is near yet: all are fetched, then all are written.
            uint last = Math.Min(first + ahead, seeds.Count);
            for (uint token = first; token < last && Sse.IsSupported; token++)
            {
                Sse.Prefetch0(BucketOf(seeds.KeyOf(token)));
            }

            for (uint token = first; token < last; token++)
            {
                // A zero byte is no key, and a byte of a longer character no piece.
                Vector128<byte> key = seeds.KeyOf(token);
                if (seeds.LengthOf(token) <= MaxPlainKey && (token >= MergeList.ByteTokens || key.ToScalar() is > 0 and < 0x80))
                {
                    Add(BucketOf(key), key, 1);
                }
            }
        }
    }

    /// <summary>A hash of a key that only says where to look.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Hash(Vector128<byte> key) => Hash(key.AsUInt64().ToScalar(), key.AsUInt64().GetElement(1));

    /// <summary>A hash of the halves of a key that only says where to look.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Hash(ulong low, ulong high)
    {
        if (Sse42.X64.IsSupported)
        {
            return (uint)Sse42.X64.Crc32(Sse42.X64.Crc32(0, low), high);
        }

        if (ArmCrc32.Arm64.IsSupported)
        {
            return ArmCrc32.Arm64.ComputeCrc32C(ArmCrc32.Arm64.ComputeCrc32C(0, low), high);
        }

        ulong mixed = (low * 0x9E37_79B9_7F4A_7C15) ^ (high * 0xD6E8_FEB8_6659_FD93);
        return (uint)(mixed >> 32);
    }
}
