using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Ensemble.Tokenization.Tables;

namespace Ensemble.Tokenization.Counting;

/// <summary>The ids of pieces seen lately. Unlike <see cref="PieceCache"/> an entry is too large to be written in one piece: one call uses it at a time.</summary>
/// <remarks>An entry is a key with the number of ids in its last byte, then up to four ids; two entries make a cache line.</remarks>
internal sealed unsafe class IdCache
{
    /// <summary>The most ids that an entry holds.</summary>
    public const int MaxIds = 4;

    private const int BucketBits = 16;
    private const int EntryLength = 32;

    private readonly NativeBuffer _memory = new((nuint)(2 * EntryLength) << BucketBits);

    /// <summary>The bucket of a key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* BucketOf(Vector128<byte> key) => _memory.Pointer + ((nuint)(PieceCache.Hash(key) & ((1u << BucketBits) - 1)) * (2 * EntryLength));

    /// <summary>The ids of a key; null when unknown.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint* Find(byte* bucket, Vector128<byte> key, out int count)
    {
        count = CountIn(bucket, key);
        if (count != 0)
        {
            return (uint*)(bucket + sizeof(Vector128<byte>));
        }

        count = CountIn(bucket + EntryLength, key);
        return count != 0 ? (uint*)(bucket + EntryLength + sizeof(Vector128<byte>)) : null;
    }

    /// <summary>Remembers the ids of a key, the older of the two in the bucket making way.</summary>
    public static void Add(byte* bucket, Vector128<byte> key, ReadOnlySpan<int> ids)
    {
        Buffer.MemoryCopy(bucket, bucket + EntryLength, EntryLength, EntryLength);
        Vector128.Store(key.WithElement(PieceCache.MaxPlainKey, (byte)ids.Length), bucket);
        ids.CopyTo(new Span<int>(bucket + sizeof(Vector128<byte>), MaxIds));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int CountIn(byte* entry, Vector128<byte> key)
    {
        Vector128<ulong> difference = (Vector128.LoadAligned(entry) ^ key).AsUInt64();
        return (difference.ToScalar() | (difference.GetElement(1) << 8)) == 0 ? (int)(difference.GetElement(1) >> 56) : 0;
    }
}
