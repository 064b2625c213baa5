using System.Numerics.Tensors;

namespace Ensemble;

/// <summary>The mean direction of each route's examples: one row a route, each of length 1, one after another.</summary>
internal sealed class Centroids
{
    private Centroids(float[] values, int dimensions)
    {
        Values = values;
        Dimensions = dimensions;
        Count = values.Length / dimensions;
    }

    internal float[] Values { get; }

    internal int Dimensions { get; }

    internal int Count { get; }

    internal static Centroids Of(IReadOnlyList<ReadOnlyMemory<float>> units, ReadOnlySpan<int> labels, int routes)
    {
        int dimensions = units[0].Length;
        double[] sums = new double[routes * dimensions];
        for (int i = 0; i < units.Count; i++)
        {
            ReadOnlySpan<float> unit = units[i].Span;
            Span<double> sum = sums.AsSpan(labels[i] * dimensions, dimensions);
            for (int d = 0; d < dimensions; d++)
            {
                sum[d] += unit[d];
            }
        }

        float[] values = new float[sums.Length];
        for (int r = 0; r < routes; r++)
        {
            Span<double> sum = sums.AsSpan(r * dimensions, dimensions);
            double norm = TensorPrimitives.Norm<double>(sum);
            for (int d = 0; d < dimensions; d++)
            {
                // Examples that cancel out have no direction and fit nothing.
                values[r * dimensions + d] = norm > 0 ? (float)(sum[d] / norm) : 0;
            }
        }

        return new Centroids(values, dimensions);
    }

    internal ReadOnlySpan<float> Row(int route) => Values.AsSpan(route * Dimensions, Dimensions);

    internal float Cosine(int route, ReadOnlySpan<float> unit) => TensorPrimitives.Dot(Row(route), unit);
}
