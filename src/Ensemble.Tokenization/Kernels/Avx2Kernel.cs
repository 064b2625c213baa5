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
    public static int WritePositions(ulong mask, int origin, int* destination)
    {
        // Eight bits at a time, whatever they are: a branch on their number would be guessed wrong in every third block.
        byte* rows = BitPositions.Rows;
        var eight = Vector256.Create(8);
        var from = Vector256.Create(origin);
        int* next = destination;
        next += WriteEight(rows, (byte)mask, from, next);
        from += eight;
        next += WriteEight(rows, (byte)(mask >> 8), from, next);
        from += eight;
        next += WriteEight(rows, (byte)(mask >> 16), from, next);
        from += eight;
        next += WriteEight(rows, (byte)(mask >> 24), from, next);
        from += eight;
        next += WriteEight(rows, (byte)(mask >> 32), from, next);
        from += eight;
        next += WriteEight(rows, (byte)(mask >> 40), from, next);
        from += eight;
        next += WriteEight(rows, (byte)(mask >> 48), from, next);
        from += eight;
        WriteEight(rows, (byte)(mask >> 56), from, next);
        return BitOperations.PopCount(mask);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int WriteEight(byte* rows, uint bits, Vector256<int> from, int* destination)
    {
        Vector256.Store(Avx2.ConvertToVector256Int32(rows + (8 * bits)) + from, destination);
        return BitOperations.PopCount(bits);
    }

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
        byte* found = stackalloc byte[IBlockKernel.BlockLength];
        Vector256<ulong> sums = Vector256<ulong>.Zero;
        for (int i = 0; i < count; i++)
        {
            // First halves beside first halves, second beside second: one comparison for the four entries.
            ulong* bucket = (ulong*)buckets[i];
            Vector256<ulong> left = Vector256.LoadAligned(bucket);
            Vector256<ulong> right = Vector256.LoadAligned(bucket + 4);
            Vector256<ulong> first = Avx2.UnpackLow(left, right) ^ Avx2.BroadcastScalarToVector256((ulong*)(keys + i));
            Vector256<ulong> second = Avx2.UnpackHigh(left, right) ^ Avx2.BroadcastScalarToVector256((ulong*)(keys + i) + 1);
            Vector256<ulong> hit = Vector256.Equals(first | (second << 8), Vector256<ulong>.Zero);
            sums += (second & hit) >>> 56;
            found[i] = (byte)hit.ExtractMostSignificantBits();
        }

        // Bits of places: none means missing, two that two threads have added the key at once.
        Vector256<byte> x = Vector256.Load(found);
        Vector256<byte> y = Vector256.Load(found + 32);
        var none = Vector256<byte>.Zero;
        ulong used = ulong.MaxValue >> (64 - count);
        misses = Mask(Vector256.Equals(x, none), Vector256.Equals(y, none)) & used;
        ulong once = Mask(Vector256.Equals(x & (x - Vector256<byte>.One), none), Vector256.Equals(y & (y - Vector256<byte>.One), none));
        if ((~once & used) != 0)
        {
            return SumOnce(buckets, keys, count, found, ref misses);
        }

        return (long)Vector256.Sum(sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long FindCount(byte* bucket, ulong low, ulong high)
    {
        Vector256<ulong> left = Vector256.LoadAligned((ulong*)bucket);
        Vector256<ulong> right = Vector256.LoadAligned((ulong*)bucket + 4);
        Vector256<ulong> first = Avx2.UnpackLow(left, right) ^ Vector256.Create(low);
        Vector256<ulong> second = Avx2.UnpackHigh(left, right) ^ Vector256.Create(high);
        Vector256<ulong> hit = Vector256.Equals(first | (second << 8), Vector256<ulong>.Zero);
        if (!BitOperations.IsPow2(hit.ExtractMostSignificantBits()))
        {
            // Not there, or added by two threads at once: the cache has to put that right.
            return 0;
        }

        Vector256<ulong> counts = (second & hit) >>> 56;
        Vector128<ulong> two = counts.GetLower() | counts.GetUpper();
        return (long)(two.ToScalar() | two.GetElement(1));
    }

    public static ulong FindIds(byte** buckets, ulong* tags, int count, ulong* ids)
    {
        ulong misses = 0;
        for (int i = 0; i < count; i++)
        {
            // Tags beside tags, ids beside ids. Two threads may have added a tag at once, with the same ids.
            ulong* bucket = (ulong*)buckets[i];
            Vector256<ulong> left = Vector256.LoadAligned(bucket);
            Vector256<ulong> right = Vector256.LoadAligned(bucket + 4);
            Vector256<ulong> hit = Vector256.Equals(Avx2.UnpackLow(left, right), Avx2.BroadcastScalarToVector256(tags + i));
            Vector256<ulong> four = Avx2.UnpackHigh(left, right) & hit;
            Vector128<ulong> two = four.GetLower() | four.GetUpper();
            ulong found = two.ToScalar() | two.GetElement(1);
            ids[i] = found;
            misses |= (found == 0 ? 1UL : 0) << i;
        }

        return misses;
    }

    /// <summary>The sum without the keys that two threads have added at once: the cache has to put those right.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long SumOnce(byte** buckets, Vector128<byte>* keys, int count, byte* found, ref ulong misses)
    {
        long sum = 0;
        for (int i = 0; i < count; i++)
        {
            if (!BitOperations.IsPow2((int)found[i]) || !TryFind((ulong*)buckets[i], (ulong*)(keys + i), out long tokens))
            {
                misses |= 1UL << i;
                continue;
            }

            sum += tokens;
        }

        return sum;
    }

    private static bool TryFind(ulong* bucket, ulong* key, out long tokens)
    {
        for (int way = 0; way < 4; way++)
        {
            // As one word: another thread may be replacing it.
            Vector128<ulong> entry = Vector128.LoadAligned(bucket + (2 * way)) ^ Vector128.Load(key);
            if ((entry.ToScalar() | (entry.GetElement(1) << 8)) == 0)
            {
                tokens = (long)(entry.GetElement(1) >> 56);
                return true;
            }
        }

        tokens = 0;
        return false;
    }

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
