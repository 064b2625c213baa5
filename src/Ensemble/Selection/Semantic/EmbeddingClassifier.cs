namespace Ensemble;

/// <summary>
/// Logistic regression on embeddings: (vector - mean of the examples) * 8, C = 10. The scale brings the short differences between
/// sentence vectors to about 1 a row, so that one C suits every task; both settings were fixed before they were measured.
/// </summary>
internal sealed class EmbeddingClassifier
{
    private const double Scale = 8;

    private readonly double[] _mean;

    private readonly LogisticRegression _regression;

    private EmbeddingClassifier(double[] mean, LogisticRegression regression)
    {
        _mean = mean;
        _regression = regression;
    }

    internal int Classes => _regression.Classes;

    internal int Dimensions => _mean.Length;

    /// <summary>Fits vectors of one length; labels are 0 to <paramref name="classes"/> - 1, each at least once.</summary>
    internal static EmbeddingClassifier Fit(IReadOnlyList<ReadOnlyMemory<float>> vectors, ReadOnlySpan<int> labels, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfZero(vectors.Count);
        double[] mean = VectorMath.Mean(vectors);
        double[][] rows = new double[vectors.Count][];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = new double[mean.Length];
            Center(vectors[i].Span, mean, rows[i]);
        }

        return new EmbeddingClassifier(mean, LogisticRegression.Fit(rows, labels, classes));
    }

    /// <summary>
    /// Predicts each example by a classifier that has not seen it: log-probabilities, one row an example. The folds take the examples
    /// of each class in turn, so that they are as even as they can be and do not depend on a seed; with as many folds as the largest
    /// class has examples one of each class is left out at a time.
    /// </summary>
    internal static double[][] OutOfFold(IReadOnlyList<ReadOnlyMemory<float>> vectors, ReadOnlySpan<int> labels, int classes, int folds = 5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        int[] fold = new int[vectors.Count];
        int[] seen = new int[classes];
        for (int i = 0; i < fold.Length; i++)
        {
            fold[i] = seen[labels[i]]++ % folds;
        }

        double[][] predictions = new double[vectors.Count][];
        List<ReadOnlyMemory<float>> kept = new(vectors.Count);
        List<int> keptLabels = new(vectors.Count);
        for (int part = 0; part < folds; part++)
        {
            kept.Clear();
            keptLabels.Clear();
            for (int i = 0; i < fold.Length; i++)
            {
                if (fold[i] != part)
                {
                    kept.Add(vectors[i]);
                    keptLabels.Add(labels[i]);
                }
            }

            if (kept.Count == fold.Length)
            {
                continue;
            }

            EmbeddingClassifier classifier = Fit(kept, keptLabels.ToArray(), classes);
            for (int i = 0; i < fold.Length; i++)
            {
                if (fold[i] == part)
                {
                    predictions[i] = new double[classes];
                    classifier.LogProbabilities(vectors[i].Span, predictions[i]);
                }
            }
        }

        return predictions;
    }

    /// <summary>Writes the natural logarithm of each class's probability.</summary>
    internal void LogProbabilities(ReadOnlySpan<float> vector, Span<double> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(vector.Length, Dimensions);
        Span<double> row = Dimensions <= 1024 ? stackalloc double[Dimensions] : new double[Dimensions];
        Center(vector, _mean, row);
        _regression.LogProbabilities(row, destination);
    }

    private static void Center(ReadOnlySpan<float> vector, ReadOnlySpan<double> mean, Span<double> row)
    {
        for (int d = 0; d < row.Length; d++)
        {
            row[d] = (vector[d] - mean[d]) * Scale;
        }
    }
}
