using System.Numerics;
using System.Runtime.Intrinsics;

namespace Ensemble.Tokenization.Kernels;

/// <summary>No vectors at all: for processors without any, and to compare the others with.</summary>
internal readonly unsafe struct ScalarKernel : IBlockKernel
{
    public static bool IsSupported => true;

    public static bool ReadsWholeWords => false;

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

    /// <summary>What the low half of a word is combined with; a product, so that counts alone do not tell one word from another.</summary>
    public static ulong Scramble(ulong high) => high * 0x9E37_79B9_7F4A_7C15;

    public static uint Min16(uint* numbers)
    {
        uint lowest = numbers[0];
        for (int i = 1; i < 16; i++)
        {
            lowest = Math.Min(lowest, numbers[i]);
        }

        return lowest;
    }

    public static uint FindEntries(uint* bucket, uint tag, int tokenBits)
    {
        uint found = 0;
        for (int i = 0; i < 16; i++)
        {
            found |= bucket[i] >> tokenBits == tag ? 1u << i : 0;
        }

        return found;
    }

    public static long SumCounts(byte** buckets, Vector128<byte>* keys, int count, out ulong misses)
    {
        long sum = 0;
        misses = 0;
        for (int i = 0; i < count; i++)
        {
            long found = FindCount(buckets[i], ((ulong*)(keys + i))[0], ((ulong*)(keys + i))[1]);
            sum += found;
            misses |= found == 0 ? 1UL << i : 0;
        }

        return sum;
    }

    public static long FindCount(byte* bucket, ulong low, ulong high)
    {
        ulong* entry = (ulong*)bucket;
        ulong found = 0;
        for (int way = 0; way < 4 && found == 0; way++)
        {
            ulong second = Volatile.Read(ref entry[(2 * way) + 1]);
            ulong first = Volatile.Read(ref entry[2 * way]) ^ Scramble(second);
            found = first == low && (second ^ high) << 8 == 0 ? second >> 56 : 0;
        }

        return (long)found;
    }

    public static ulong FindIds(byte** buckets, ulong* tags, int count, ulong* ids)
    {
        ulong misses = 0;
        for (int i = 0; i < count; i++)
        {
            ulong* entry = (ulong*)buckets[i];
            ulong found = 0;
            for (int way = 0; way < 4 && found == 0; way++)
            {
                ulong second = Volatile.Read(ref entry[(2 * way) + 1]);
                ulong first = Volatile.Read(ref entry[2 * way]) ^ Scramble(second);
                found = first == tags[i] ? second : 0;
            }

            ids[i] = found;
            misses |= found == 0 ? 1UL << i : 0;
        }

        return misses;
    }
}
