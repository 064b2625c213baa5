using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ensemble;

/// <summary>
/// Finds the nearest of many rows by their eight-bit copies, a quarter of the memory to read, and computes exactly only those that the
/// error of the copies cannot rule out. The answer is that of the exact rows.
/// </summary>
internal sealed class QuantizedCentroids
{
    // |row| <= 127 and |query| <= 8191 keep the sum over 2,000 dimensions within 31 bits.
    private const int RowLimit = 127;
    private const int QueryLimit = 8191;
    private const int MaxDimensions = 2048;

    private readonly Centroids _exact;

    // What all rows have in common says nothing about which is nearest; without it the copies are three times as exact.
    private readonly float[] _common;

    private readonly sbyte[] _rows;

    private readonly float[] _scales;

    // How far the copy of a row is from the row: by Cauchy and Schwarz the dot product with a vector of length 1 is off by no more.
    private readonly float[] _errors;

    private readonly int _stride;

    internal QuantizedCentroids(Centroids exact)
    {
        _exact = exact;
        _stride = (exact.Dimensions + Vector512<short>.Count - 1) / Vector512<short>.Count * Vector512<short>.Count;
        _rows = new sbyte[exact.Count * _stride];
        _scales = new float[exact.Count];
        _errors = new float[exact.Count];
        _common = Mean(exact);
        float[] row = new float[exact.Dimensions];
        for (int r = 0; r < exact.Count; r++)
        {
            TensorPrimitives.Subtract(exact.Row(r), _common, row);
            float largest = TensorPrimitives.MaxMagnitude(row);
            float scale = Math.Abs(largest) / RowLimit;
            double error = 0;
            for (int d = 0; d < row.Length; d++)
            {
                sbyte rounded = scale > 0 ? (sbyte)MathF.Round(row[d] / scale) : (sbyte)0;
                _rows[r * _stride + d] = rounded;
                double off = row[d] - (double)rounded * scale;
                error += off * off;
            }

            _scales[r] = scale;
            _errors[r] = (float)Math.Sqrt(error);
        }
    }

    /// <summary>Gets whether this processor has the instructions; elsewhere the exact rows are as fast.</summary>
    internal static bool IsSupported => Avx2.IsSupported;

    internal static bool CanHold(int dimensions) => dimensions <= MaxDimensions;

    internal int Best(ReadOnlySpan<float> unit, out double score)
    {
        Span<short> query = stackalloc short[MaxDimensions];
        query = query[.._stride];
        float queryScale = Quantize(unit, query, out float queryError);
        Span<float> uppers = _exact.Count <= 4096 ? stackalloc float[_exact.Count] : new float[_exact.Count];
        float common = TensorPrimitives.Dot(_common, unit);
        float floor = float.NegativeInfinity;
        for (int r = 0; r < uppers.Length; r++)
        {
            float near = common + Dot(r, query) * (_scales[r] * queryScale);
            // A row without what is common is no longer than 2; the last term is the rounding of the exact rows' own dot product.
            float error = _errors[r] + 2 * queryError + 1e-5f;
            uppers[r] = near + error;
            floor = Math.Max(floor, near - error);
        }

        int best = 0;
        float bestCosine = float.NegativeInfinity;
        for (int r = 0; r < uppers.Length; r++)
        {
            if (uppers[r] >= floor && uppers[r] >= bestCosine && _exact.Cosine(r, unit) is var cosine && cosine > bestCosine)
            {
                (best, bestCosine) = (r, cosine);
            }
        }

        score = bestCosine;
        return best;
    }

    private static float[] Mean(Centroids exact)
    {
        float[] mean = new float[exact.Dimensions];
        for (int r = 0; r < exact.Count; r++)
        {
            TensorPrimitives.Add(mean, exact.Row(r), mean);
        }

        TensorPrimitives.Divide(mean, exact.Count, mean);
        return mean;
    }

    private static float Quantize(ReadOnlySpan<float> unit, Span<short> query, out float error)
    {
        float largest = Math.Abs(TensorPrimitives.MaxMagnitude(unit));
        query.Clear();
        if (!(largest > 0))
        {
            error = 0;
            return 0;
        }

        float scale = largest / QueryLimit;
        float toSteps = QueryLimit / largest;
        for (int d = 0; d < unit.Length; d++)
        {
            query[d] = (short)MathF.Round(unit[d] * toSteps);
        }

        // Half a step in each dimension.
        error = scale * 0.51f * MathF.Sqrt(unit.Length);
        return scale;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Dot(int row, ReadOnlySpan<short> query)
    {
        ref sbyte values = ref _rows[row * _stride];
        ref short other = ref MemoryMarshal.GetReference(query);
        if (Avx512BW.IsSupported)
        {
            Vector512<int> sum = Vector512<int>.Zero;
            for (nuint i = 0; i < (nuint)_stride; i += 32)
            {
                Vector512<short> wide = Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(ref values, i));
                sum += Avx512BW.MultiplyAddAdjacent(wide, Vector512.LoadUnsafe(ref other, i));
            }

            return Vector512.Sum(sum);
        }

        Vector256<int> low = Vector256<int>.Zero;
        Vector256<int> high = Vector256<int>.Zero;
        for (nuint i = 0; i < (nuint)_stride; i += 32)
        {
            low += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref values, i)), Vector256.LoadUnsafe(ref other, i));
            high += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref values, i + 16)), Vector256.LoadUnsafe(ref other, i + 16));
        }

        return Vector256.Sum(low + high);
    }
}
