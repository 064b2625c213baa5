namespace Ensemble;

/// <summary>Scores by the cosine to the mean of a route's examples.</summary>
internal sealed class MeanScorer : SemanticScorer
{
    // Below this the exact rows stay in the first-level cache and the detour through eight bits saves nothing.
    private const int QuantizedFrom = 64;

    private readonly Centroids _centroids;

    private readonly QuantizedCentroids? _quantized;

    internal MeanScorer(Centroids centroids, bool allowQuantized = true)
    {
        _centroids = centroids;
        _quantized = allowQuantized && centroids.Count >= QuantizedFrom && QuantizedCentroids.IsSupported && QuantizedCentroids.CanHold(centroids.Dimensions) ? new QuantizedCentroids(centroids) : null;
    }

    internal override int Dimensions => _centroids.Dimensions;

    internal override int Best(ReadOnlySpan<float> unit, out double score)
    {
        if (_quantized is not null)
        {
            return _quantized.Best(unit, out score);
        }

        int best = 0;
        float bestCosine = float.NegativeInfinity;
        for (int r = 0; r < _centroids.Count; r++)
        {
            float cosine = _centroids.Cosine(r, unit);
            if (cosine > bestCosine)
            {
                (best, bestCosine) = (r, cosine);
            }
        }

        score = bestCosine;
        return best;
    }
}
