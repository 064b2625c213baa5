using System.Numerics.Tensors;

namespace Ensemble.Onnx;

/// <summary>Turns logits into natural log-probabilities.</summary>
internal static class LogProbability
{
    /// <summary>Computes log(sum(exp(logits))), which subtracted from a logit gives its log-probability; the scratch has the logits' length.</summary>
    internal static double LogSumExp(ReadOnlySpan<float> logits, Span<float> scratch)
    {
        float max = TensorPrimitives.Max(logits);
        Span<float> shifted = scratch[..logits.Length];
        TensorPrimitives.Subtract(logits, max, shifted);
        TensorPrimitives.Exp<float>(shifted, shifted);
        return max + Math.Log(TensorPrimitives.Sum<float>(shifted));
    }

    /// <summary>Finds the most probable tokens, best first; the lower id first of equals.</summary>
    internal static int[] Top(ReadOnlySpan<float> logits, int count)
    {
        if (count == 0)
        {
            return [];
        }

        int[] best = new int[Math.Min(count, logits.Length)];
        int found = 0;
        for (int id = 0; id < logits.Length; id++)
        {
            if (found == best.Length && !(logits[id] > logits[best[^1]]))
            {
                continue;
            }

            int place = found == best.Length ? found - 1 : found++;
            for (; place > 0 && logits[id] > logits[best[place - 1]]; place--)
            {
                best[place] = best[place - 1];
            }

            best[place] = id;
        }

        return best;
    }
}
