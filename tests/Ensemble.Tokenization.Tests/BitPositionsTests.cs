using CsCheck;
using Ensemble.Tokenization.Kernels;

namespace Ensemble.Tokenization.Tests;

/// <summary>The positions of a mask's bits, as each kernel writes them.</summary>
internal sealed unsafe class BitPositionsTests
{
    private const int Untouched = -7;

    [Test]
    public void Rows_EachByte_HoldsThePositionsOfItsBits()
    {
        Assert.Multiple(() =>
        {
            for (int value = 0; value <= byte.MaxValue; value++)
            {
                byte[] positions = [.. Enumerable.Range(0, 8).Where(bit => (value >> bit & 1) != 0).Select(bit => (byte)bit)];
                byte[] row = new Span<byte>(BitPositions.Rows + (8 * value), 8).ToArray();
                Assert.That(row, Is.EqualTo([.. positions, .. new byte[8 - positions.Length]]), $"row {value}");
            }
        });
    }

    [Test]
    public void WritePositions_AnyMask_AreThoseOfItsBits() =>
        Gen.Select(Gen.ULong, Gen.Int[0, 1 << 20]).Sample(AllWrite);

    [TestCase(0UL)]
    [TestCase(1UL)]
    [TestCase(1UL << 63)]
    [TestCase(ulong.MaxValue)]
    public void WritePositions_MaskAtTheLimits_AreThoseOfItsBits(ulong mask) => Assert.That(AllWrite(mask, 64), Is.True);

    private static bool AllWrite(ulong mask, int origin)
    {
        int[] expected = [.. Enumerable.Range(0, 64).Where(bit => (mask >> bit & 1) != 0).Select(bit => origin + bit)];
        return Writes<ScalarKernel>(mask, origin, expected)
            && Writes<Vector128Kernel>(mask, origin, expected)
            && (!Avx2Kernel.IsSupported || Writes<Avx2Kernel>(mask, origin, expected))
            && (!Avx512Kernel.IsSupported || Writes<Avx512Kernel>(mask, origin, expected));
    }

    private static bool Writes<TKernel>(ulong mask, int origin, int[] expected)
        where TKernel : struct, IBlockKernel
    {
        int[] places = new int[IBlockKernel.BlockLength + 1];
        places[^1] = Untouched;
        fixed (int* start = places)
        {
            return TKernel.WritePositions(mask, origin, start) == expected.Length
                && places.AsSpan(0, expected.Length).SequenceEqual(expected)
                && places[^1] == Untouched;
        }
    }
}
