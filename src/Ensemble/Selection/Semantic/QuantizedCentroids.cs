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
    // 127 * 127 * 2 is the largest sum of two products that sixteen bits hold, which is what the instruction makes of them.
    private const int RowLimit = 127;
    private const int QueryLimit = 63;
    private const int QueryZero = 64;
    private const int MaxDimensions = 2048;

    // Sixteen rows stand side by side, four numbers of each in turn: every 32-bit lane sums one row, and no sum crosses lanes.
    private const int Together = 16;
    private const int GroupSize = 4;

    private readonly Centroids _exact;

    // What all rows have in common says nothing about which is nearest; without it the copies are three times as exact.
    private readonly float[] _common;

    private readonly sbyte[] _rows;
    private readonly float[] _scales;

    // What the query's zero adds to the sum of a row.
    private readonly int[] _zeros;

    // The product of the row, without what is common, and what is common.
    private readonly float[] _bases;

    // How far the copy of a row is from the row, and how long the copy is: by Cauchy and Schwarz they bound the error of a product.
    private readonly float[] _errors;
    private readonly float[] _lengths;

    private readonly int _groups;
    private readonly int _blocks;

    internal QuantizedCentroids(Centroids exact)
    {
        _exact = exact;
        _groups = (exact.Dimensions + GroupSize - 1) / GroupSize;
        _blocks = (exact.Count + Together - 1) / Together;
        int padded = _blocks * Together;
        _rows = new sbyte[padded * _groups * GroupSize];
        _scales = new float[padded];
        _zeros = new int[padded];
        _bases = new float[padded];
        _errors = new float[padded];
        _lengths = new float[padded];
        _bases.AsSpan(exact.Count).Fill(float.NegativeInfinity);
        _common = Mean(exact);
        float[] row = new float[exact.Dimensions];
        for (int r = 0; r < exact.Count; r++)
        {
            TensorPrimitives.Subtract(exact.Row(r), _common, row);
            Copy(r, row);
        }
    }

    /// <summary>Gets whether this processor has the instructions; elsewhere the exact rows are as fast.</summary>
    internal static bool IsSupported => Avx2.IsSupported;

    internal static bool CanHold(int dimensions) => dimensions <= MaxDimensions;

    internal int Best(ReadOnlySpan<float> unit, out double score)
    {
        Span<float> own = stackalloc float[unit.Length];
        TensorPrimitives.Subtract(unit, _common, own);
        Span<int> query = stackalloc int[_groups];
        float scale = Quantize(own, query, out float queryError);
        float common = TensorPrimitives.Dot(_common, unit);
        float length = TensorPrimitives.Norm<float>(own);

        Span<float> uppers = _scales.Length <= 4096 ? stackalloc float[_scales.Length] : new float[_scales.Length];
        Bounds bounds = new(common, scale, length, queryError);
        Vector256<float> floors = Vector256.Create(float.NegativeInfinity);
        for (int block = 0; block < _blocks; block++)
        {
            Sum(block, query, out Vector256<int> left, out Vector256<int> right);
            floors = Vector256.Max(floors, Bound(bounds, block * Together, left, uppers));
            floors = Vector256.Max(floors, Bound(bounds, (block * Together) + Vector256<int>.Count, right, uppers));
        }

        return Settle(unit, uppers, Largest(floors), out score);
    }

    private static float Largest(Vector256<float> values)
    {
        float largest = values[0];
        for (int i = 1; i < Vector256<float>.Count; i++)
        {
            largest = Math.Max(largest, values[i]);
        }

        return largest;
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

    /// <summary>Writes the query in steps from 1 to 127, four to a number; 64 stands for zero, because one factor of the instruction has no sign.</summary>
    private static float Quantize(ReadOnlySpan<float> own, Span<int> query, out float error)
    {
        Span<byte> steps = MemoryMarshal.AsBytes(query);
        steps.Fill(QueryZero);
        float largest = Math.Abs(TensorPrimitives.MaxMagnitude(own));
        if (!(largest > 0))
        {
            error = 0;
            return 0;
        }

        float scale = largest / QueryLimit;
        float toSteps = QueryLimit / largest;
        float squares = 0;
        for (int d = 0; d < own.Length; d++)
        {
            float step = MathF.Round(own[d] * toSteps);
            float off = own[d] - (step * scale);
            squares += off * off;
            steps[d] = (byte)((int)step + QueryZero);
        }

        error = MathF.Sqrt(squares);
        return scale;
    }

    private void Copy(int r, ReadOnlySpan<float> row)
    {
        float scale = Math.Abs(TensorPrimitives.MaxMagnitude(row)) / RowLimit;
        double error = 0;
        int sum = 0;
        int first = r / Together * Together * _groups * GroupSize;
        for (int d = 0; d < row.Length; d++)
        {
            sbyte rounded = scale > 0 ? (sbyte)MathF.Round(row[d] / scale) : (sbyte)0;
            _rows[first + (d / GroupSize * Together * GroupSize) + (r % Together * GroupSize) + (d % GroupSize)] = rounded;
            double off = row[d] - ((double)rounded * scale);
            error += off * off;
            sum += rounded;
        }

        _scales[r] = scale;
        _zeros[r] = sum * QueryZero;
        _bases[r] = TensorPrimitives.Dot(row, _common);
        _errors[r] = (float)Math.Sqrt(error);
        _lengths[r] = TensorPrimitives.Norm(row) + _errors[r];
    }

    /// <summary>Sums the products of sixteen rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Sum(int block, ReadOnlySpan<int> query, out Vector256<int> left, out Vector256<int> right)
    {
        ref sbyte rows = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_rows), block * Together * _groups * GroupSize);
        ref int steps = ref MemoryMarshal.GetReference(query);
        if (Avx512BW.IsSupported)
        {
            Vector512<int> sums = Vector512<int>.Zero;
            for (int group = 0; group < query.Length; group++)
            {
                Vector512<byte> step = Vector512.Create(Unsafe.Add(ref steps, group)).AsByte();
                Vector512<short> pairs = Avx512BW.MultiplyAddAdjacent(step, Vector512.LoadUnsafe(ref rows, (nuint)(group * Together * GroupSize)));
                sums += Avx512BW.MultiplyAddAdjacent(pairs, Vector512<short>.One);
            }

            (left, right) = (sums.GetLower(), sums.GetUpper());
            return;
        }

        left = Vector256<int>.Zero;
        right = Vector256<int>.Zero;
        for (int group = 0; group < query.Length; group++)
        {
            Vector256<byte> step = Vector256.Create(Unsafe.Add(ref steps, group)).AsByte();
            nuint at = (nuint)(group * Together * GroupSize);
            left += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(step, Vector256.LoadUnsafe(ref rows, at)), Vector256<short>.One);
            right += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(step, Vector256.LoadUnsafe(ref rows, at + (nuint)Vector256<sbyte>.Count)), Vector256<short>.One);
        }
    }

    /// <summary>Writes what eight rows can reach at most, and returns what they reach at least.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<float> Bound(in Bounds bounds, int first, Vector256<int> sums, Span<float> uppers)
    {
        nuint at = (nuint)first;
        Vector256<float> own = Vector256.ConvertToSingle(sums - Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_zeros), at));
        Vector256<float> scales = Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_scales), at) * bounds.QueryScale;
        Vector256<float> near = (own * scales) + Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_bases), at) + Vector256.Create(bounds.Common);

        // The last term is the rounding of the exact rows' own dot product.
        Vector256<float> error = (Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_errors), at) * bounds.QueryLength)
            + (Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_lengths), at) * bounds.QueryError) + Vector256.Create(1e-5f);
        (near + error).StoreUnsafe(ref MemoryMarshal.GetReference(uppers), at);
        return near - error;
    }

    /// <summary>Computes exactly the rows that may be the best.</summary>
    private int Settle(ReadOnlySpan<float> unit, ReadOnlySpan<float> uppers, float floor, out double score)
    {
        int best = 0;
        float bestCosine = float.NegativeInfinity;
        Vector256<float> floors = Vector256.Create(floor);
        for (int first = 0; first < uppers.Length; first += Vector256<float>.Count)
        {
            uint reach = Vector256.GreaterThanOrEqual(Vector256.Create(uppers.Slice(first, Vector256<float>.Count)), floors).ExtractMostSignificantBits();
            while (reach != 0)
            {
                int r = first + System.Numerics.BitOperations.TrailingZeroCount(reach);
                reach &= reach - 1;
                if (r < _exact.Count && uppers[r] >= bestCosine && _exact.Cosine(r, unit) is var cosine && cosine > bestCosine)
                {
                    (best, bestCosine) = (r, cosine);
                }
            }
        }

        score = bestCosine;
        return best;
    }

    /// <summary>What the bounds of all rows have from the query.</summary>
    private readonly struct Bounds(float common, float queryScale, float queryLength, float queryError)
    {
        public float Common { get; } = common;

        public float QueryScale { get; } = queryScale;

        public float QueryLength { get; } = queryLength;

        public float QueryError { get; } = queryError;
    }
}
