using System.Runtime.CompilerServices;
using Ensemble.Tokenization.Kernels;
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

    /// <summary>Merges the bytes of a piece, or of a part of one.</summary>
    /// <param name="pairs">The vocabulary.</param>
    /// <param name="piece">The bytes.</param>
    /// <param name="length">Their number.</param>
    /// <param name="tokens">Takes the tokens.</param>
    /// <param name="starts">Takes where each token starts, and behind the last the length.</param>
    /// <returns>The number of tokens.</returns>
    public static int Merge<TKernel>(PairTable pairs, byte* piece, int length, uint* tokens, ushort* starts)
        where TKernel : struct, IBlockKernel
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
            tokens[i] = pairs.TokenOfByte(piece[i]);
            if (i + 1 < length)
            {
                keys[i] = Key(pairs.FindBytes(piece[i], piece[i + 1]), i);
            }
        }

        for (int block = 0; block < usedBlocks; block++)
        {
            blockMin[block] = TKernel.Min16(keys + (block * BlockLength));
        }

        int count = length;
        while (true)
        {
            uint lowest = TKernel.Min16(blockMin);
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
            keys[at] = after < length ? Key(pairs.Find<TKernel>(merged, tokens[after]), at) : Never;
            blockMin[at / BlockLength] = TKernel.Min16(keys + (at & -BlockLength));
            blockMin[gone / BlockLength] = TKernel.Min16(keys + (gone & -BlockLength));
            if (at > 0)
            {
                int before = previous[at];
                keys[before] = Key(pairs.Find<TKernel>(tokens[before], merged), before);
                blockMin[before / BlockLength] = TKernel.Min16(keys + (before & -BlockLength));
            }
        }

        int from = 0;
        for (int i = 0; i < count; i++)
        {
            tokens[i] = tokens[from];
            starts[i] = (ushort)from;
            from = next[from];
        }

        starts[count] = (ushort)length;
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Key(uint rank, int position) => rank == PairTable.None ? Never : (rank << 8) | (uint)position;
}
