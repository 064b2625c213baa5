using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Ensemble.Tokenization.Tables;
using ArmCrc32 = System.Runtime.Intrinsics.Arm.Crc32;

namespace Ensemble.Tokenization.Counting;

/// <summary>The counts of pieces seen lately: a fixed table that all threads share without locks.</summary>
/// <remarks>
/// <para>An entry is one aligned 16-byte word: 15 bytes of key, then the count, 1 to 255. Processors with AVX, and Arm's with LSE2, read and write such a
/// word in one piece, so an entry is seen whole or not at all, whoever replaces it. A bucket is four entries, one cache line.</para>
/// <para>A piece of up to 15 bytes is its own key, padded with zeros; pieces with zero bytes are never looked up. A longer one is known by 112 bits of a
/// hash that is seeded by the process, with 0xFF, which no UTF-8 contains, in byte 14: two pieces are taken for the same with a chance below 2⁻⁶⁰.</para>
/// </remarks>
internal sealed unsafe class PieceCache
{
    /// <summary>The longest piece that is its own key.</summary>
    public const int MaxPlainKey = 15;

    /// <summary>The longest piece that is remembered.</summary>
    public const int MaxLength = 1024;

    /// <summary>The largest count that an entry holds.</summary>
    public const int MaxCount = byte.MaxValue;

    /// <summary>4 MB: half of it costs a sixth of the speed on English, twice of it gains nothing.</summary>
    public const int DefaultBucketBits = 16;

    private const int Ways = 4;
    private const int BucketLength = 64;
    private const int MaskRows = 16;

    private readonly NativeBuffer _memory;
    private readonly byte* _buckets;
    private readonly uint _bucketMask;
    private readonly Vector128<byte>* _lengthMasks;
    private readonly byte* _nullBucket;
    private uint _evictions;

    public PieceCache(int bucketBits = DefaultBucketBits)
    {
        nuint table = (nuint)BucketLength << bucketBits;
        _memory = new NativeBuffer(table + BucketLength + (MaskRows * 16));
        _buckets = _memory.Pointer;
        _bucketMask = (1u << bucketBits) - 1;

        // Its one entry is the key of all zeros but 0xFE in byte 14, with a count of 0: what is looked up there adds nothing.
        _nullBucket = _buckets + table;
        _nullBucket[MaxPlainKey - 1] = 0xFE;
        _lengthMasks = (Vector128<byte>*)(_nullBucket + BucketLength);
        for (int length = 0; length < MaskRows; length++)
        {
            new Span<byte>((byte*)(_lengthMasks + length), length).Fill(0xFF);
        }
    }

    /// <summary>A bucket in which <see cref="NullKey"/> is found and counts nothing.</summary>
    public byte* NullBucket => _nullBucket;

    /// <summary>The key of nothing.</summary>
    public static Vector128<byte> NullKey => Vector128.Create(0UL, 0xFEUL << 48).AsByte();

    /// <summary>Masks that keep the first 0 to 15 bytes of a vector.</summary>
    public Vector128<byte>* LengthMasks => _lengthMasks;

    /// <summary>The key of a piece of up to 15 bytes, 16 of which can be read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> PlainKey(byte* piece, int length, Vector128<byte>* lengthMasks) => Vector128.Load(piece) & lengthMasks[length];

    /// <summary>The bucket of a key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* BucketOf(Vector128<byte> key) => _buckets + ((nuint)(Hash(key) & _bucketMask) * BucketLength);

    /// <summary>The count of a key, 0 when unknown.</summary>
    public static int Find(byte* bucket, Vector128<byte> key)
    {
        for (int way = 0; way < Ways; way++)
        {
            Vector128<byte> entry = Vector128.LoadAligned(bucket + (16 * way));
            Vector128<ulong> difference = (entry ^ key).AsUInt64();
            if ((difference.ToScalar() | (difference.GetElement(1) << 8)) == 0)
            {
                return (int)(difference.GetElement(1) >> 56);
            }
        }

        return 0;
    }

    /// <summary>Remembers a count of 1 to 255, in an empty place or in place of some other.</summary>
    public void Add(byte* bucket, Vector128<byte> key, int count)
    {
        int way = 0;
        while (way < Ways && bucket[(16 * way) + MaxPlainKey] != 0)
        {
            way++;
        }

        if (way == Ways)
        {
            // Any will do, so a race for the counter does no harm.
            way = (int)(_evictions++ & (Ways - 1));
        }

        Vector128.StoreAligned(key.WithElement(MaxPlainKey, (byte)count), bucket + (16 * way));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(Vector128<byte> key)
    {
        ulong low = key.AsUInt64().ToScalar();
        ulong high = key.AsUInt64().GetElement(1);
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
