using System.Numerics.Tensors;

namespace Ensemble;

/// <summary>What the strategies on embeddings share.</summary>
internal static class VectorMath
{
    /// <summary>Gives the mean of vectors of one length, summed in their order.</summary>
    /// <exception cref="ArgumentException">The vectors differ in length.</exception>
    internal static double[] Mean(IReadOnlyList<ReadOnlyMemory<float>> vectors)
    {
        double[] mean = new double[vectors[0].Length];
        foreach (ReadOnlyMemory<float> vector in vectors)
        {
            if (vector.Length != mean.Length)
            {
                throw new ArgumentException($"One vector has {vector.Length} dimensions and another {mean.Length}. Embed all with one model.", nameof(vectors));
            }

            ReadOnlySpan<float> values = vector.Span;
            for (int d = 0; d < mean.Length; d++)
            {
                mean[d] += values[d];
            }
        }

        for (int d = 0; d < mean.Length; d++)
        {
            mean[d] /= vectors.Count;
        }

        return mean;
    }

    /// <summary>Writes the vector with length 1; one without a direction stays zero.</summary>
    internal static void Normalize(ReadOnlySpan<float> vector, Span<float> unit)
    {
        float norm = TensorPrimitives.Norm(vector);
        if (norm > 0 && float.IsFinite(norm))
        {
            TensorPrimitives.Divide(vector, norm, unit);
        }
        else
        {
            unit.Clear();
        }
    }

    /// <summary>Gives copies of length 1.</summary>
    /// <exception cref="ArgumentException">The vectors differ in length.</exception>
    internal static ReadOnlyMemory<float>[] Normalize(IReadOnlyList<ReadOnlyMemory<float>> vectors)
    {
        ReadOnlyMemory<float>[] units = new ReadOnlyMemory<float>[vectors.Count];
        for (int i = 0; i < units.Length; i++)
        {
            if (vectors[i].Length != vectors[0].Length || vectors[i].Length == 0)
            {
                throw new ArgumentException($"One vector has {vectors[i].Length} dimensions and another {vectors[0].Length}. Embed all with one model.", nameof(vectors));
            }

            float[] unit = new float[vectors[i].Length];
            Normalize(vectors[i].Span, unit);
            units[i] = unit;
        }

        return units;
    }
}
