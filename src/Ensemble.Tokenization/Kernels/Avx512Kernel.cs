using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ensemble.Tokenization.Kernels;

/// <summary>A block is one vector, and so is a bucket of the cache.</summary>
internal readonly unsafe struct Avx512Kernel : IBlockKernel
{
    public static bool IsSupported => Avx512BW.VL.IsSupported && Avx512DQ.IsSupported;

    public static bool ReadsWholeWords => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Classify(byte* block, out AsciiMasks masks)
    {
        Vector512<byte> x = Vector512.Load(block);
        masks.Letter = InRange(x | Vector512.Create((byte)0x20), (byte)'a', 26);
        masks.Upper = InRange(x, (byte)'A', 26);
        masks.Number = InRange(x, (byte)'0', 10);
        masks.Space = Equal(x, (byte)' ');
        masks.White = InRange(x, (byte)'\t', 5) | masks.Space;
        masks.Newline = Equal(x, (byte)'\n') | Equal(x, (byte)'\r');
        masks.Apostrophe = Equal(x, (byte)'\'');
        masks.Slash = Equal(x, (byte)'/');
        return ~InRange(x, 1, 127);
    }

    public static ulong FindLeads(byte* block) =>
        Vector512.GreaterThanOrEqual(Vector512.Load(block), Vector512.Create((byte)0xC0)).ExtractMostSignificantBits();

    public static ulong TestBits(byte* block, byte bits) =>
        ~Vector512.Equals(Vector512.Load(block) & Vector512.Create(bits), Vector512<byte>.Zero).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int WritePositions(ulong mask, int origin, int* destination) => Avx2Kernel.WritePositions(mask, origin, destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Min16(uint* numbers)
    {
        Vector512<uint> sixteen = Vector512.Load(numbers);
        Vector256<uint> eight = Vector256.Min(sixteen.GetLower(), sixteen.GetUpper());
        return Vector128Kernel.Min(Vector128.Min(eight.GetLower(), eight.GetUpper()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint FindEntries(uint* bucket, uint tag, int tokenBits) =>
        (uint)Vector512.Equals(Vector512.LoadAligned(bucket) >>> tokenBits, Vector512.Create(tag)).ExtractMostSignificantBits();

    public static long SumCounts(byte** buckets, Vector128<byte>* keys, int count, out ulong misses)
    {
        const ulong tail = ulong.MaxValue >> 8;
        var keyBits = Vector512.Create(ulong.MaxValue, tail, ulong.MaxValue, tail, ulong.MaxValue, tail, ulong.MaxValue, tail);
        Vector512<ulong> sums = Vector512<ulong>.Zero;
        ulong missing = 0;
        for (int i = 0; i < count; i++)
        {
            // From memory: made from a register, the broadcast spills in every turn.
            Vector512<ulong> key = Avx512DQ.BroadcastVector128ToVector512((ulong*)(keys + i));
            Vector512<ulong> difference = Vector512.LoadAligned((ulong*)buckets[i]) ^ key;
            Vector512<ulong> kept = difference & keyBits;
            Vector512<ulong> both = kept | Avx512F.Shuffle(kept.AsInt32(), 0b01_00_11_10).AsUInt64();
            Vector512<ulong> hit = Vector512.Equals(both, Vector512<ulong>.Zero);
            Vector512<ulong> counts = Vector512.ConditionalSelect(hit, difference >>> 56, Vector512<ulong>.Zero);
            ulong found = hit.ExtractMostSignificantBits() & 0b01_01_01_01;
            if ((found & (found - 1)) != 0)
            {
                // Two threads have added the key at once: the cache has to put that right.
                counts = Vector512<ulong>.Zero;
                found = 0;
            }

            sums += counts;
            missing |= (found == 0 ? 1UL : 0) << i;
        }

        misses = missing;
        return (long)Vector512.Sum(sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long FindCount(byte* bucket, ulong low, ulong high) => Avx2Kernel.FindCount(bucket, low, high);

    public static ulong FindIds(byte** buckets, ulong* tags, int count, ulong* ids) => Avx2Kernel.FindIds(buckets, tags, count, ids);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Equal(Vector512<byte> x, byte value) => Vector512.Equals(x, Vector512.Create(value)).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong InRange(Vector512<byte> x, byte first, byte length) =>
        Vector512.LessThan(x - Vector512.Create(first), Vector512.Create(length)).ExtractMostSignificantBits();
}
