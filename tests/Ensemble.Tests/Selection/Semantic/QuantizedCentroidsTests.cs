using CsCheck;

namespace Ensemble.Tests.Selection.Semantic;

public sealed class QuantizedCentroidsTests
{
    [SetUp]
    public void NeedsTheInstructions() => Assume.That(QuantizedCentroids.IsSupported);

    [Test]
    public void Best_AnyRows_IsTheBestOfTheExactRows() =>
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[1, 300], Gen.Int[1, 100]).Sample((seed, count, dimensions) =>
        {
            ReadOnlyMemory<float>[] rows = Clusters.Draw(seed, topics: count, each: 1, dimensions);
            Centroids centroids = Centroids.Of(Unit(rows), Clusters.Labels(count, 1), count);
            MeanScorer exact = new(centroids, allowQuantized: false);
            QuantizedCentroids quantized = new(centroids);
            Random random = new(seed);
            for (int i = 0; i < 5; i++)
            {
                float[] query = Clusters.Direction(random, dimensions);
                int expected = exact.Best(query, out double expectedScore);

                Assert.That((quantized.Best(query, out double score), score), Is.EqualTo((expected, expectedScore)));
            }
        }, iter: 200);

    [Test]
    public void Best_EqualRows_IsTheFirstOfThem()
    {
        ReadOnlyMemory<float>[] one = Unit(Clusters.Draw(7, 1, 1));
        Centroids centroids = Centroids.Of([.. Enumerable.Repeat(one[0], 100)], Clusters.Labels(100, 1), 100);

        Assert.That(new QuantizedCentroids(centroids).Best(one[0].Span, out double score), Is.Zero);
        Assert.That(score, Is.EqualTo(1).Within(1e-5));
    }

    [Test]
    public void Best_RowsAndQueriesAtTheLimitOfTheSums_DoNotOverflow()
    {
        float[] flat = [.. Enumerable.Repeat(1f, 2048)];
        float[] against = [.. flat.Select((v, i) => i % 2 == 0 ? v : -v)];
        ReadOnlyMemory<float>[] units = Unit([flat, against]);
        Centroids centroids = Centroids.Of(units, [0, 1], 2);

        Assert.That(new QuantizedCentroids(centroids).Best(units[1].Span, out _), Is.EqualTo(1));
    }

    private static ReadOnlyMemory<float>[] Unit(ReadOnlyMemory<float>[] rows) => VectorMath.Normalize(rows);
}
