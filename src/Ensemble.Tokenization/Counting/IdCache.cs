using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Ensemble.Tokenization.Tables;

namespace Ensemble.Tokenization.Counting;

/// <summary>The ids of pieces seen lately. Unlike <see cref="PieceCache"/> an entry is too large to be written in one piece: one call uses it at a time.</summary>
/// <remarks>An entry is a cache line: a key with the number of ids in its last byte, then up to twelve ids. A key may be in either of two neighbours.</remarks>
internal sealed unsafe class IdCache
{
    /// <summary>The most ids that an entry holds.</summary>
    public const int MaxIds = 12;

    private const int PairBits = 16;
    private const int EntryLength = 64;

    private readonly NativeBuffer _memory = new((nuint)(2 * EntryLength) << PairBits, 2 * EntryLength);

    /// <summary>Where a key is first looked for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* EntryOf(Vector128<byte> key) => _memory.Pointer + ((nuint)(PieceCache.Hash(key) & ((2u << PairBits) - 1)) * EntryLength);

    /// <summary>The ids of a key; null when unknown.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint* Find(byte* entry, Vector128<byte> key, out int count)
    {
        count = CountIn(entry, key);
        if (count == 0)
        {
            entry = Neighbour(entry);
            count = CountIn(entry, key);
        }

        return count == 0 ? null : (uint*)(entry + sizeof(Vector128<byte>));
    }

    /// <summary>Remembers the ids of a key; what was in its place moves to the neighbour.</summary>
    public static void Add(byte* entry, Vector128<byte> key, ReadOnlySpan<int> ids)
    {
        if (entry[PieceCache.MaxPlainKey] != 0)
        {
            Buffer.MemoryCopy(entry, Neighbour(entry), EntryLength, EntryLength);
        }

        Vector128.Store(key.WithElement(PieceCache.MaxPlainKey, (byte)ids.Length), entry);
        ids.CopyTo(new Span<int>(entry + sizeof(Vector128<byte>), MaxIds));
    }

    private static byte* Neighbour(byte* entry) => (byte*)((nuint)entry ^ EntryLength);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int CountIn(byte* entry, Vector128<byte> key)
    {
        Vector128<ulong> difference = (Vector128.LoadAligned(entry) ^ key).AsUInt64();
        return (difference.ToScalar() | (difference.GetElement(1) << 8)) == 0 ? (int)(difference.GetElement(1) >> 56) : 0;
    }
}
