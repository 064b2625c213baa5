namespace Ensemble.Tests.Selection.Semantic;

public sealed class EmbeddingClassifierTests
{
    private static readonly ReadOnlyMemory<float>[] Vectors = Clusters.Draw(1, topics: 3, each: 10);

    private static readonly int[] Labels = Clusters.Labels(3, 10);

    [Test]
    public void OutOfFold_OneExampleOfEachClassAtATime_PredictsEachByTheOthers()
    {
        double[][] predictions = EmbeddingClassifier.OutOfFold(Vectors, Labels, 3, folds: 10);
        int[] others = [.. Enumerable.Range(0, 30).Where(i => i % 10 != 4)];
        EmbeddingClassifier without = EmbeddingClassifier.Fit([.. others.Select(i => Vectors[i])], [.. others.Select(i => Labels[i])], 3);
        double[] expected = new double[3];
        without.LogProbabilities(Vectors[14].Span, expected);

        Assert.That(predictions[14], Is.EqualTo(expected));
    }

    [Test]
    public void OutOfFold_FiveFolds_PredictsEveryExampleAndMostlyRight()
    {
        double[][] predictions = EmbeddingClassifier.OutOfFold(Vectors, Labels, 3);

        Assert.That(predictions, Has.None.Null);
        Assert.That(predictions.Where((p, i) => Array.IndexOf(p, p.Max()) == Labels[i]).Count(), Is.GreaterThan(24));
    }

    [Test]
    public void OutOfFold_MoreFoldsThanExamples_StillPredictsEachByTheOthers() =>
        Assert.That(EmbeddingClassifier.OutOfFold(Vectors, Labels, 3, folds: 50), Has.None.Null);

    [Test]
    public void Fit_VectorsOfTwoLengths_AreRefused() =>
        Assert.That(
            () => EmbeddingClassifier.Fit([new float[] { 1, 2 }, new float[] { 1 }], [0, 1], 2),
            Throws.ArgumentException.With.Message.Contains("one model"));
}
