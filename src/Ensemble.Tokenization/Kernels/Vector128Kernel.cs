using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ensemble.Tokenization.Kernels;

/// <summary>16 bytes at a time, on any processor with vectors: x86 without AVX2, Arm, WebAssembly.</summary>
internal readonly unsafe struct Vector128Kernel : IBlockKernel
{
    public static bool IsSupported => Vector128.IsHardwareAccelerated;

    public static bool ReadsWholeWords => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Classify(byte* block, out AsciiMasks masks)
    {
        masks = default;
        ulong plain = 0;
        for (int at = 0; at < IBlockKernel.BlockLength; at += Vector128<byte>.Count)
        {
            Vector128<byte> x = Vector128.Load(block + at);
            masks.Letter |= Mask(Vector128.LessThan((x | Vector128.Create((byte)0x20)) - Vector128.Create((byte)'a'), Vector128.Create((byte)26)), at);
            masks.Upper |= Mask(Vector128.LessThan(x - Vector128.Create((byte)'A'), Vector128.Create((byte)26)), at);
            masks.Number |= Mask(Vector128.LessThan(x - Vector128.Create((byte)'0'), Vector128.Create((byte)10)), at);
            masks.Space |= Mask(Vector128.Equals(x, Vector128.Create((byte)' ')), at);
            masks.White |= Mask(Vector128.LessThan(x - Vector128.Create((byte)'\t'), Vector128.Create((byte)5)), at);
            masks.Newline |= Mask(Vector128.Equals(x, Vector128.Create((byte)'\n')) | Vector128.Equals(x, Vector128.Create((byte)'\r')), at);
            masks.Apostrophe |= Mask(Vector128.Equals(x, Vector128.Create((byte)'\'')), at);
            masks.Slash |= Mask(Vector128.Equals(x, Vector128.Create((byte)'/')), at);
            plain |= Mask(Vector128.LessThan(x - Vector128.Create((byte)1), Vector128.Create((byte)127)), at);
        }

        masks.White |= masks.Space;
        return ~plain;
    }

    public static ulong FindLeads(byte* block)
    {
        ulong mask = 0;
        for (int at = 0; at < IBlockKernel.BlockLength; at += Vector128<byte>.Count)
        {
            mask |= Mask(Vector128.GreaterThanOrEqual(Vector128.Load(block + at), Vector128.Create((byte)0xC0)), at);
        }

        return mask;
    }

    public static ulong TestBits(byte* block, byte bits)
    {
        ulong mask = 0;
        for (int at = 0; at < IBlockKernel.BlockLength; at += Vector128<byte>.Count)
        {
            mask |= Mask(Vector128.Equals(Vector128.Load(block + at) & Vector128.Create(bits), Vector128<byte>.Zero), at);
        }

        return ~mask;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int WritePositions(ulong mask, int origin, int* destination)
    {
        // Eight at a time without asking whether there are so many: the surplus is overwritten by the next block.
        int count = BitOperations.PopCount(mask);
        for (int written = 0; written < count; written += 8)
        {
            for (int i = 0; i < 8; i++)
            {
                destination[written + i] = origin + BitOperations.TrailingZeroCount(mask);
                mask &= mask - 1;
            }
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Min16(uint* numbers)
    {
        Vector128<uint> low = Vector128.Min(Vector128.Load(numbers), Vector128.Load(numbers + 4));
        Vector128<uint> high = Vector128.Min(Vector128.Load(numbers + 8), Vector128.Load(numbers + 12));
        return Min(Vector128.Min(low, high));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Min(Vector128<uint> four)
    {
        Vector128<uint> two = Vector128.Min(four, Vector128.Shuffle(four, Vector128.Create(2u, 3, 0, 1)));
        return Vector128.Min(two, Vector128.Shuffle(two, Vector128.Create(1u, 0, 3, 2))).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint FindEntries(uint* bucket, uint tag, int tokenBits)
    {
        Vector128<uint> wanted = Vector128.Create(tag);
        uint found = 0;
        for (int at = 0; at < 16; at += Vector128<uint>.Count)
        {
            found |= Vector128.Equals(Vector128.LoadAligned(bucket + at) >>> tokenBits, wanted).ExtractMostSignificantBits() << at;
        }

        return found;
    }

    public static long SumCounts(byte** buckets, Vector128<byte>* keys, int count, out ulong misses) =>
        ScalarKernel.SumCounts(buckets, keys, count, out misses);

    public static long FindCount(byte* bucket, ulong low, ulong high) => ScalarKernel.FindCount(bucket, low, high);

    public static ulong FindIds(byte** buckets, ulong* tags, int count, ulong* ids) => ScalarKernel.FindIds(buckets, tags, count, ids);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mask(Vector128<byte> vector, int at) => (ulong)vector.ExtractMostSignificantBits() << at;
}
