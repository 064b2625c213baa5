using System.Numerics;
using System.Runtime.Intrinsics;

namespace Ensemble.Tokenization.Kernels;

/// <summary>No vectors at all: for processors without any, and to compare the others with.</summary>
internal readonly unsafe struct ScalarKernel : IBlockKernel
{
    public static bool IsSupported => true;

    public static ulong Classify(byte* block, out AsciiMasks masks)
    {
        masks = default;
        ulong special = 0;
        for (int i = 0; i < IBlockKernel.BlockLength; i++)
        {
            ulong bit = 1UL << i;
            switch ((char)block[i])
            {
                case >= 'a' and <= 'z':
                    masks.Letter |= bit;
                    break;
                case >= 'A' and <= 'Z':
                    masks.Letter |= bit;
                    masks.Upper |= bit;
                    break;
                case >= '0' and <= '9':
                    masks.Number |= bit;
                    break;
                case ' ':
                    masks.White |= bit;
                    masks.Space |= bit;
                    break;
                case '\n' or '\r':
                    masks.White |= bit;
                    masks.Newline |= bit;
                    break;
                case >= '\t' and <= '\r':
                    masks.White |= bit;
                    break;
                case '\'':
                    masks.Apostrophe |= bit;
                    break;
                case '/':
                    masks.Slash |= bit;
                    break;
                case '\0' or >= '\u0080':
                    special |= bit;
                    break;
            }
        }

        return special;
    }

    public static ulong FindLeads(byte* block)
    {
        ulong mask = 0;
        for (int i = 0; i < IBlockKernel.BlockLength; i++)
        {
            mask |= block[i] >= 0xC0 ? 1UL << i : 0;
        }

        return mask;
    }

    public static ulong TestBits(byte* block, byte bits)
    {
        ulong mask = 0;
        for (int i = 0; i < IBlockKernel.BlockLength; i++)
        {
            mask |= (block[i] & bits) != 0 ? 1UL << i : 0;
        }

        return mask;
    }

    public static int WritePositions(ulong mask, int origin, int* destination)
    {
        int count = BitOperations.PopCount(mask);
        while (mask != 0)
        {
            *destination++ = origin + BitOperations.TrailingZeroCount(mask);
            mask &= mask - 1;
        }

        return count;
    }

    public static long SumCounts(byte** buckets, Vector128<byte>* keys, int count, out ulong misses)
    {
        long sum = 0;
        misses = 0;
        for (int i = 0; i < count; i++)
        {
            ulong low = ((ulong*)(keys + i))[0];
            ulong high = ((ulong*)(keys + i))[1];
            ulong* entry = (ulong*)buckets[i];
            int way = 0;
            while (way < 4 && (entry[0] != low || (entry[1] ^ high) << 8 != 0))
            {
                entry += 2;
                way++;
            }

            if (way < 4)
            {
                sum += (long)(entry[1] >> 56);
            }
            else
            {
                misses |= 1UL << i;
            }
        }

        return sum;
    }
}
