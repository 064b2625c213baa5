namespace Ensemble;

/// <summary>Finds the best route of a vector of length 1; a step of <see cref="SemanticIndex"/>.</summary>
internal abstract class SemanticScorer
{
    internal abstract int Dimensions { get; }

    /// <summary>Gives the index of the best route, the first one of equals, and its score. Allocates nothing.</summary>
    internal abstract int Best(ReadOnlySpan<float> unit, out double score);

    internal static SemanticScorer Fit(SemanticScoring scoring, IReadOnlyList<ReadOnlyMemory<float>> units, ReadOnlySpan<int> labels, int routes) => scoring switch
    {
        SemanticScoring.Mean => new MeanScorer(Centroids.Of(units, labels, routes)),
        SemanticScoring.Regression => new RegressionScorer(EmbeddingClassifier.Fit(units, labels, routes), Centroids.Of(units, labels, routes), 0),
        _ => new RegressionScorer(EmbeddingClassifier.Fit(units, labels, routes), Centroids.Of(units, labels, routes), RegressionScorer.CosineWeight),
    };
}
