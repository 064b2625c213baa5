using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Ensemble.Tokenization.Kernels;
using Ensemble.Tokenization.Merging;
using Ensemble.Tokenization.Tables;

namespace Ensemble.Tokenization.Counting;

/// <summary>The ids of pieces seen lately: a fixed table that all threads share without locks, by the same means as <see cref="PieceCache"/>.</summary>
/// <remarks>
/// <para>An entry is one aligned 16-byte word: a tag and up to three ids. A piece of up to 7 bytes is its own tag; a longer one is known by 63 bits of a hash
/// that is seeded by the process, in a bucket that another hash chooses: two pieces are taken for the same with a chance below 2⁻⁶⁰.</para>
/// <para>Where there are more ids, the word says which of the <see cref="IdLists"/> has them. They may be replaced at any time, and then the piece is not known.</para>
/// </remarks>
internal sealed unsafe class IdCache
{
    /// <summary>The ids of one word.</summary>
    public const int IdsPerWord = 3;

    /// <summary>The bits of an id.</summary>
    public const int IdBits = 20;

    /// <summary>Where the number of ids in a word starts.</summary>
    public const int CountShift = IdsPerWord * IdBits;

    // In place of that number: they are in a list, whose index stands before.
    private const uint Listed = 15;

    private const int LongestOwnTag = 7;
    private const int BucketBits = 17;
    private const int BucketLength = 64;
    private const int Ways = 4;
    private const ulong Hashed = 1UL << 63;
    private const uint IdMask = (1u << IdBits) - 1;

    private readonly NativeBuffer _memory = new((nuint)BucketLength << BucketBits, scattered: true);
    private readonly byte* _buckets;
    private readonly bool _wholeWords;

    // A cache line, four and 32 of them: most pieces with more than three ids have fewer than 13.
    private readonly IdLists[] _lists = [new(64, 14), new(256, 12), new(2048, 9)];
    private uint _evictions;

    /// <summary>An empty cache.</summary>
    /// <param name="wholeWords">Whether its users read 16-byte words in one piece; see <see cref="IBlockKernel.ReadsWholeWords"/>.</param>
    public IdCache(bool wholeWords)
    {
        _wholeWords = wholeWords;
        _buckets = _memory.Pointer;
    }

    /// <summary>The most ids that are remembered for a piece.</summary>
    public int MaxIds => _lists[^1].MaxIds;

    /// <summary>Makes the tag of a piece of up to 15 bytes, 16 of which can be read, and finds its bucket.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* PlainBucketOf(byte* piece, int length, Vector128<byte>* lengthMasks, ulong* tag)
    {
        ulong* mask = (ulong*)(lengthMasks + length);
        ulong low = ((ulong*)piece)[0] & mask[0];
        ulong high = ((ulong*)piece)[1] & mask[1];
        return BucketOf(low, high, length, tag);
    }

    /// <summary>Makes the tag of a piece of at least 16 bytes, and finds its bucket.</summary>
    public byte* LongBucketOf(byte* piece, int length, ulong* tag)
    {
        Vector128<ulong> key = PieceHash.KeyOf(piece, length).AsUInt64();
        *tag = key.ToScalar() | Hashed;
        return Bucket(PieceCache.Hash(key.ToScalar(), key.GetElement(1)));
    }

    /// <summary>The ids of a word, and behind them one number without meaning.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack(ulong ids, ref int destination)
    {
        ref byte place = ref Unsafe.As<int, byte>(ref destination);
        Unsafe.WriteUnaligned(ref place, (ids & IdMask) | ((ids << (32 - IdBits)) & ((ulong)IdMask << 32)));
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref place, 2 * sizeof(int)), (ids >> (2 * IdBits)) & IdMask);
    }

    /// <summary>Remembers the ids of a piece, if they are no more and no larger than there is room for.</summary>
    /// <returns>The piece's word; 0 when they are not remembered.</returns>
    public ulong Add(byte* bucket, ulong tag, ReadOnlySpan<int> ids)
    {
        if (ids.IsEmpty || ids.Length > MaxIds || ids.ContainsAnyExceptInRange(0, (int)IdMask))
        {
            return 0;
        }

        ulong word = ids.Length <= IdsPerWord ? Pack(ids) : AddList(bucket, tag, ids);
        Store(bucket, tag, word);
        return word;
    }

    /// <summary>Adds the ids of a piece that has a list, as its word says.</summary>
    /// <returns>Whether they are still known.</returns>
    public bool TryAddTo(ref TokenSink tokens, byte* bucket, ulong tag, ulong word) =>
        word >> CountShift == Listed && _lists[(int)(word & IdMask)].TryAddTo(ref tokens, tag, IndexOf(bucket));

    /// <summary>Remembers the tokens of lowest rank, which as pieces are themselves.</summary>
    public void Seed(VocabularyDefinition definition, int tokens)
    {
        using var seeds = new SeedKeys(definition.Merges, tokens);
        for (uint token = MergeList.ByteTokens; token < seeds.Count; token++)
        {
            int length = seeds.LengthOf(token);
            if (length <= PieceCache.MaxPlainKey)
            {
                Vector128<ulong> key = seeds.KeyOf(token).AsUInt64();
                ulong tag;
                byte* bucket = BucketOf(key.ToScalar(), key.GetElement(1), length, &tag);
                Add(bucket, tag, [definition.IdOf(token)]);
            }
        }
    }

    private static ulong Pack(ReadOnlySpan<int> ids)
    {
        ulong packed = (ulong)ids.Length << CountShift;
        for (int i = 0; i < ids.Length; i++)
        {
            packed |= (ulong)ids[i] << (i * IdBits);
        }

        return packed;
    }

    // The list first: who finds the word finds it.
    private ulong AddList(byte* bucket, ulong tag, ReadOnlySpan<int> ids)
    {
        int index = 0;
        while (_lists[index].MaxIds < ids.Length)
        {
            index++;
        }

        _lists[index].Add(tag, IndexOf(bucket), ids);
        return ((ulong)Listed << CountShift) | (uint)index;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* BucketOf(ulong low, ulong high, int length, ulong* tag)
    {
        *tag = length <= LongestOwnTag ? low : PieceHash.Mix(low, high) | Hashed;
        return Bucket(PieceCache.Hash(low, high));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* Bucket(uint hash) => _buckets + ((nuint)(hash & ((1u << BucketBits) - 1)) * BucketLength);

    private uint IndexOf(byte* bucket) => (uint)((bucket - _buckets) / BucketLength);

    private void Store(byte* bucket, ulong tag, ulong ids)
    {
        ulong first = _wholeWords ? tag : tag ^ ScalarKernel.Scramble(ids);
        Vector128<byte> word = Vector128.Create(first, ids).AsByte();
        int way = 0;
        while (way < Ways && ((ulong*)bucket)[(2 * way) + 1] != 0)
        {
            if (Vector128.LoadAligned(bucket + (16 * way)) == word)
            {
                return;
            }

            way++;
        }

        if (way == Ways)
        {
            // Any will do, so a race for the counter does no harm.
            way = (int)(_evictions++ & (Ways - 1));
        }

        Vector128.StoreAligned(word, bucket + (16 * way));
    }
}
