using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Ensemble.Tokenization.Tables;

namespace Ensemble.Tokenization.Counting;

/// <summary>The ids of pieces seen lately. Unlike <see cref="PieceCache"/> an entry is too large to be written in one piece: one call uses it at a time.</summary>
/// <remarks>
/// An entry is a cache line: a key with the number of ids in its last byte, then up to twelve ids. A key may be in any of the four entries of its group.
/// Longer sequences have a table of their own, with one place for a key.
/// </remarks>
internal sealed unsafe class IdCache
{
    /// <summary>The most ids that an entry of a group holds.</summary>
    public const int MaxIds = 12;

    /// <summary>The most ids that are remembered.</summary>
    public const int MaxLongIds = (LongEntryLength - KeyLength) / sizeof(int);

    private const int GroupBits = 15;
    private const int Ways = 4;
    private const int EntryLength = 64;
    private const int GroupLength = Ways * EntryLength;
    private const int LongEntryBits = 12;
    private const int LongEntryLength = 1024;
    private const int KeyLength = 16;

    private readonly NativeBuffer _groups = new((nuint)GroupLength << GroupBits);
    private readonly NativeBuffer _longEntries = new((nuint)LongEntryLength << LongEntryBits);
    private uint _evictions;

    /// <summary>The group of a key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* GroupOf(Vector128<byte> key) => _groups.Pointer + ((nuint)(PieceCache.Hash(key) & ((1u << GroupBits) - 1)) * GroupLength);

    /// <summary>Has the processor fetch the keys of a group.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(byte* group)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(group);
            Sse.Prefetch0(group + EntryLength);
            Sse.Prefetch0(group + (2 * EntryLength));
            Sse.Prefetch0(group + (3 * EntryLength));
        }
    }

    /// <summary>The ids of a key, up to twelve; null when unknown.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint* Find(byte* group, Vector128<byte> key, out int count)
    {
        for (byte* entry = group; entry < group + GroupLength; entry += EntryLength)
        {
            count = CountIn(entry, key);
            if (count != 0)
            {
                return (uint*)(entry + KeyLength);
            }
        }

        count = 0;
        return null;
    }

    /// <summary>The ids of a key that has more than twelve; empty when unknown.</summary>
    public ReadOnlySpan<int> FindLong(Vector128<byte> key)
    {
        byte* entry = LongEntryOf(key);
        return new ReadOnlySpan<int>(entry + KeyLength, CountIn(entry, key));
    }

    /// <summary>Remembers the ids of a key.</summary>
    public void Add(byte* group, Vector128<byte> key, ReadOnlySpan<int> ids)
    {
        byte* entry = ids.Length > MaxIds ? LongEntryOf(key) : PlaceIn(group);
        Vector128.Store(key.WithElement(PieceCache.MaxPlainKey, (byte)ids.Length), entry);
        ids.CopyTo(new Span<int>(entry + KeyLength, ids.Length));
    }

    private byte* PlaceIn(byte* group)
    {
        for (int way = 0; way < Ways; way++)
        {
            if (group[(way * EntryLength) + PieceCache.MaxPlainKey] == 0)
            {
                return group + (way * EntryLength);
            }
        }

        return group + ((_evictions++ & (Ways - 1)) * EntryLength);
    }

    private byte* LongEntryOf(Vector128<byte> key) =>
        _longEntries.Pointer + ((nuint)(PieceCache.Hash(key) & ((1u << LongEntryBits) - 1)) * LongEntryLength);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int CountIn(byte* entry, Vector128<byte> key)
    {
        Vector128<ulong> difference = (Vector128.LoadAligned(entry) ^ key).AsUInt64();
        return (difference.ToScalar() | (difference.GetElement(1) << 8)) == 0 ? (int)(difference.GetElement(1) >> 56) : 0;
    }
}
