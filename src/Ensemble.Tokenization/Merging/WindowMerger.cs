using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Ensemble.Tokenization.Tables;

namespace Ensemble.Tokenization.Merging;

/// <summary>Byte-pair encoding of up to <see cref="MaxLength"/> bytes: the pair of lowest rank merges first, the leftmost of equals.</summary>
internal static unsafe class WindowMerger
{
    /// <summary>Twice the longest token of the OpenAI vocabularies, so that a window always holds a whole one.</summary>
    public const int MaxLength = 256;

    private const int BlockLength = 16;
    private const int Blocks = MaxLength / BlockLength;
    private const uint Never = uint.MaxValue;

    /// <summary>Merges <paramref name="length"/> byte tokens at <paramref name="tokens"/> in place.</summary>
    /// <returns>How many tokens are left, at the front of <paramref name="tokens"/>.</returns>
    public static int Merge(PairTable pairs, uint* tokens, int length)
    {
        // A key is the rank of a pair above its position; each block of 16 keys knows its smallest.
        uint* keys = stackalloc uint[MaxLength];
        uint* blockMin = stackalloc uint[Blocks];
        ushort* next = stackalloc ushort[MaxLength + 1];
        ushort* previous = stackalloc ushort[MaxLength + 1];
        int usedBlocks = (length + BlockLength - 1) / BlockLength;
        new Span<uint>(keys, usedBlocks * BlockLength).Fill(Never);
        new Span<uint>(blockMin, Blocks).Fill(Never);
        for (int i = 0; i < length; i++)
        {
            next[i] = (ushort)(i + 1);
            previous[i] = (ushort)(i - 1);
            if (i + 1 < length)
            {
                keys[i] = Key(pairs.FindBytes(tokens[i], tokens[i + 1]), i);
            }
        }

        for (int block = 0; block < usedBlocks; block++)
        {
            blockMin[block] = Min(keys + (block * BlockLength));
        }

        int count = length;
        while (true)
        {
            uint lowest = Min(blockMin);
            if (lowest == Never)
            {
                break;
            }

            int at = (int)(lowest & 0xFF);
            uint merged = lowest >> 8;
            int gone = next[at];
            int after = next[gone];
            tokens[at] = merged;
            next[at] = (ushort)after;
            previous[after] = (ushort)at;
            count--;
            keys[gone] = Never;
            keys[at] = after < length ? Key(pairs.Find(merged, tokens[after]), at) : Never;
            blockMin[at / BlockLength] = Min(keys + (at & -BlockLength));
            blockMin[gone / BlockLength] = Min(keys + (gone & -BlockLength));
            if (at > 0)
            {
                int before = previous[at];
                keys[before] = Key(pairs.Find(tokens[before], merged), before);
                blockMin[before / BlockLength] = Min(keys + (before & -BlockLength));
            }
        }

        int from = 0;
        for (int i = 0; i < count; i++)
        {
            tokens[i] = tokens[from];
            from = next[from];
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Key(uint rank, int position) => rank == PairTable.None ? Never : (rank << 8) | (uint)position;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Min(uint* block)
    {
        Vector128<uint> low = Vector128.Min(Vector128.Load(block), Vector128.Load(block + 4));
        Vector128<uint> high = Vector128.Min(Vector128.Load(block + 8), Vector128.Load(block + 12));
        Vector128<uint> four = Vector128.Min(low, high);
        Vector128<uint> two = Vector128.Min(four, Vector128.Shuffle(four, Vector128.Create(2u, 3, 0, 1)));
        return Vector128.Min(two, Vector128.Shuffle(two, Vector128.Create(1u, 0, 3, 2))).ToScalar();
    }
}
