using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ensemble.Tokenization.Kernels;

/// <summary>32 bytes at a time.</summary>
internal readonly unsafe struct Avx2Kernel : IBlockKernel
{
    public static bool IsSupported => Avx2.IsSupported;

    public static bool ReadsWholeWords => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Classify(byte* block, out AsciiMasks masks)
    {
        Vector256<byte> x = Vector256.Load(block);
        Vector256<byte> y = Vector256.Load(block + 32);
        var caseBit = Vector256.Create((byte)0x20);
        masks.Letter = InRange(x | caseBit, y | caseBit, (byte)'a', 26);
        masks.Upper = InRange(x, y, (byte)'A', 26);
        masks.Number = InRange(x, y, (byte)'0', 10);
        masks.Space = Equal(x, y, (byte)' ');
        masks.White = InRange(x, y, (byte)'\t', 5) | masks.Space;
        masks.Newline = Equal(x, y, (byte)'\n') | Equal(x, y, (byte)'\r');
        masks.Apostrophe = Equal(x, y, (byte)'\'');
        masks.Slash = Equal(x, y, (byte)'/');
        return Mask(x, y) | Equal(x, y, 0);
    }

    public static ulong FindLeads(byte* block)
    {
        var lead = Vector256.Create((byte)0xC0);
        Vector256<byte> x = Vector256.Load(block);
        Vector256<byte> y = Vector256.Load(block + 32);
        return Mask(Vector256.Equals(Vector256.Max(x, lead), x), Vector256.Equals(Vector256.Max(y, lead), y));
    }

    public static ulong TestBits(byte* block, byte bits)
    {
        var tested = Vector256.Create(bits);
        Vector256<byte> x = Vector256.Equals(Vector256.Load(block) & tested, Vector256<byte>.Zero);
        Vector256<byte> y = Vector256.Equals(Vector256.Load(block + 32) & tested, Vector256<byte>.Zero);
        return ~Mask(x, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int WritePositions(ulong mask, int origin, int* destination) => Vector128Kernel.WritePositions(mask, origin, destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Min16(uint* numbers)
    {
        Vector256<uint> eight = Vector256.Min(Vector256.Load(numbers), Vector256.Load(numbers + 8));
        return Vector128Kernel.Min(Vector128.Min(eight.GetLower(), eight.GetUpper()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint FindEntries(uint* bucket, uint tag, int tokenBits)
    {
        var wanted = Vector256.Create(tag);
        uint low = Vector256.Equals(Vector256.LoadAligned(bucket) >>> tokenBits, wanted).ExtractMostSignificantBits();
        uint high = Vector256.Equals(Vector256.LoadAligned(bucket + 8) >>> tokenBits, wanted).ExtractMostSignificantBits();
        return low | (high << 8);
    }

    public static long SumCounts(byte** buckets, Vector128<byte>* keys, int count, out ulong misses)
    {
        var keyBits = Vector256.Create(ulong.MaxValue, ulong.MaxValue >> 8, ulong.MaxValue, ulong.MaxValue >> 8);
        Vector256<ulong> sums = Vector256<ulong>.Zero;
        ulong missing = 0;
        for (int i = 0; i < count; i++)
        {
            Vector256<ulong> key = Avx2.BroadcastVector128ToVector256((ulong*)(keys + i));
            ulong* bucket = (ulong*)buckets[i];
            Vector256<ulong> low = Vector256.LoadAligned(bucket) ^ key;
            Vector256<ulong> high = Vector256.LoadAligned(bucket + 4) ^ key;
            Vector256<ulong> lowHit = Vector256.Equals(BothHalves(low & keyBits), Vector256<ulong>.Zero);
            Vector256<ulong> highHit = Vector256.Equals(BothHalves(high & keyBits), Vector256<ulong>.Zero);
            Vector256<ulong> counts = ((low & lowHit) | (high & highHit)) >>> 56;
            uint found = (lowHit.ExtractMostSignificantBits() | (highHit.ExtractMostSignificantBits() << 4)) & 0b01_01_01_01;
            if ((found & (found - 1)) != 0)
            {
                // Two threads have added the key at once: the cache has to put that right.
                counts = Vector256<ulong>.Zero;
                found = 0;
            }

            sums += counts;
            missing |= (found == 0 ? 1UL : 0) << i;
        }

        misses = missing;
        return (long)Vector256.Sum(sums);
    }

    /// <summary>In each half of a 16-byte entry, the bits of either.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> BothHalves(Vector256<ulong> x) => x | Avx2.Shuffle(x.AsInt32(), 0b01_00_11_10).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Equal(Vector256<byte> x, Vector256<byte> y, byte value) =>
        Mask(Vector256.Equals(x, Vector256.Create(value)), Vector256.Equals(y, Vector256.Create(value)));

    // AVX2 compares signed bytes only; an unsigned minimum says the same.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong InRange(Vector256<byte> x, Vector256<byte> y, byte first, byte length)
    {
        var last = Vector256.Create((byte)(length - 1));
        Vector256<byte> a = x - Vector256.Create(first);
        Vector256<byte> b = y - Vector256.Create(first);
        return Mask(Vector256.Equals(Vector256.Min(a, last), a), Vector256.Equals(Vector256.Min(b, last), b));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mask(Vector256<byte> x, Vector256<byte> y) => x.ExtractMostSignificantBits() | ((ulong)y.ExtractMostSignificantBits() << 32);
}
