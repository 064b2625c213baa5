namespace Ensemble;

/// <summary>Scores by the log-probability of logistic regression plus a multiple of the cosine to the mean of a route's examples.</summary>
internal sealed class RegressionScorer(EmbeddingClassifier classifier, Centroids centroids, double cosineWeight) : SemanticScorer
{
    // Chosen on one half of the sentences of tests/Ensemble.Onnx.Tests/Embeddings/data: 20 to 80 differ by less than 3 points.
    internal const double CosineWeight = 50;

    internal override int Dimensions => classifier.Dimensions;

    internal override int Best(ReadOnlySpan<float> unit, out double score)
    {
        Span<double> scores = classifier.Classes <= 256 ? stackalloc double[classifier.Classes] : new double[classifier.Classes];
        classifier.LogProbabilities(unit, scores);
        int best = 0;
        for (int r = 0; r < scores.Length; r++)
        {
            if (cosineWeight > 0)
            {
                scores[r] += cosineWeight * centroids.Cosine(r, unit);
            }

            if (scores[r] > scores[best])
            {
                best = r;
            }
        }

        score = scores[best];
        return best;
    }
}
