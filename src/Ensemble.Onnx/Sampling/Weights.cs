using System.Numerics;
using System.Runtime.InteropServices;

namespace Ensemble.Onnx;

/// <summary>
/// Works on the weights of a vocabulary (probabilities up to a factor, the largest is 1) without sorting them: what a limit keeps is
/// everything at or above a cutoff, and a cutoff is found by halving the interval of its bit pattern. Equal weights stay or go together.
/// </summary>
internal static class Weights
{
    private const int BlockLength = 1024;

    // Weights below this seldom matter to a cutoff; gathering the rest first makes the halving cheap.
    private const float Noticeable = 1e-5f;

    /// <summary>Finds the largest cutoff that keeps at least the given number of weights.</summary>
    internal static float CutoffByCount(ReadOnlySpan<float> weights, int count, Span<float> scratch)
    {
        ReadOnlySpan<float> gathered = scratch[..Gather(weights, Noticeable, scratch)];
        ReadOnlySpan<float> searched = gathered.Length >= count ? gathered : weights;
        int low = 0;
        int high = BitConverter.SingleToInt32Bits(1f) + 1;
        while (high - low > 1)
        {
            int middle = low + ((high - low) / 2);
            if (CountFrom(searched, BitConverter.Int32BitsToSingle(middle)) >= count)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return BitConverter.Int32BitsToSingle(low);
    }

    /// <summary>Finds the largest cutoff that keeps at least the given share of the mass of all weights at or above the floor.</summary>
    internal static float CutoffByShare(ReadOnlySpan<float> weights, float floor, double share, Span<float> scratch)
    {
        double target = share * SumFrom(weights, floor);
        float least = Math.Max(floor, Noticeable);
        ReadOnlySpan<float> gathered = scratch[..Gather(weights, least, scratch)];
        bool isEnough = SumFrom(gathered, least) >= target;
        ReadOnlySpan<float> searched = isEnough ? gathered : weights;
        int low = BitConverter.SingleToInt32Bits(isEnough ? least : floor);
        int high = BitConverter.SingleToInt32Bits(1f) + 1;
        while (high - low > 1)
        {
            int middle = low + ((high - low) / 2);
            if (SumFrom(searched, BitConverter.Int32BitsToSingle(middle)) >= target)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return BitConverter.Int32BitsToSingle(low);
    }

    /// <summary>Finds the token at which the running mass of the weights at or above the cutoff passes the given share, in [0, 1), of their whole mass.</summary>
    internal static int Draw(ReadOnlySpan<float> weights, float cutoff, double share)
    {
        double target = share * SumFrom(weights, cutoff);
        int last = 0;
        for (int start = 0; start < weights.Length; start += BlockLength)
        {
            ReadOnlySpan<float> block = weights.Slice(start, Math.Min(BlockLength, weights.Length - start));
            double mass = SumBlock(block, cutoff);
            if (mass <= target)
            {
                target -= mass;
                continue;
            }

            for (int index = 0; index < block.Length; index++)
            {
                if (block[index] >= cutoff && block[index] > 0)
                {
                    last = start + index;
                    target -= block[index];
                    if (target < 0)
                    {
                        return last;
                    }
                }
            }

            // The block's own sum was rounded the other way.
            return last;
        }

        return LastFrom(weights, cutoff);
    }

    /// <summary>Sums the weights at or above the cutoff.</summary>
    internal static double SumFrom(ReadOnlySpan<float> weights, float cutoff)
    {
        double sum = 0;
        for (int start = 0; start < weights.Length; start += BlockLength)
        {
            sum += SumBlock(weights.Slice(start, Math.Min(BlockLength, weights.Length - start)), cutoff);
        }

        return sum;
    }

    private static float SumBlock(ReadOnlySpan<float> block, float cutoff)
    {
        Vector<float> limit = new(cutoff);
        Vector<float> sums = Vector<float>.Zero;
        ReadOnlySpan<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(block);
        foreach (Vector<float> vector in vectors)
        {
            sums += Vector.ConditionalSelect(Vector.GreaterThanOrEqual(vector, limit), vector, Vector<float>.Zero);
        }

        float sum = Vector.Sum(sums);
        foreach (float weight in block[(vectors.Length * Vector<float>.Count)..])
        {
            sum += weight >= cutoff ? weight : 0;
        }

        return sum;
    }

    private static int CountFrom(ReadOnlySpan<float> weights, float cutoff)
    {
        Vector<float> limit = new(cutoff);
        Vector<int> counts = Vector<int>.Zero;
        ReadOnlySpan<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(weights);
        foreach (Vector<float> vector in vectors)
        {
            // A lane that is true is -1.
            counts -= Vector.GreaterThanOrEqual(vector, limit);
        }

        int count = Vector.Sum(counts);
        foreach (float weight in weights[(vectors.Length * Vector<float>.Count)..])
        {
            count += weight >= cutoff ? 1 : 0;
        }

        return count;
    }

    private static int Gather(ReadOnlySpan<float> weights, float cutoff, Span<float> into)
    {
        Vector<float> limit = new(cutoff);
        int gathered = 0;
        int start = 0;
        for (; start <= weights.Length - Vector<float>.Count; start += Vector<float>.Count)
        {
            ReadOnlySpan<float> lanes = weights.Slice(start, Vector<float>.Count);
            if (Vector.GreaterThanOrEqualAny(new Vector<float>(lanes), limit))
            {
                gathered = GatherScalar(lanes, cutoff, into, gathered);
            }
        }

        return GatherScalar(weights[start..], cutoff, into, gathered);
    }

    private static int GatherScalar(ReadOnlySpan<float> weights, float cutoff, Span<float> into, int gathered)
    {
        foreach (float weight in weights)
        {
            if (weight >= cutoff)
            {
                into[gathered++] = weight;
            }
        }

        return gathered;
    }

    private static int LastFrom(ReadOnlySpan<float> weights, float cutoff)
    {
        int last = weights.Length - 1;
        while (last > 0 && !(weights[last] >= cutoff && weights[last] > 0))
        {
            last--;
        }

        return last;
    }
}
