namespace Ensemble.Tests.Selection.Semantic;

/// <summary>Vectors around the directions of a few topics, as embeddings are: all alike, a little less between topics.</summary>
internal static class Clusters
{
    public static ReadOnlyMemory<float>[] Draw(int seed, int topics, int each, int dimensions = 32, float noise = 0.6f)
    {
        Random random = new(seed);
        float[] common = Direction(random, dimensions);
        float[][] centers = [.. Enumerable.Range(0, topics).Select(_ => Direction(random, dimensions))];
        return [.. centers.SelectMany(center => Enumerable.Range(0, each).Select(_ => (ReadOnlyMemory<float>)Mix(random, common, center, noise)))];
    }

    public static int[] Labels(int topics, int each) => [.. Enumerable.Range(0, topics).SelectMany(t => Enumerable.Repeat(t, each))];

    public static float[] Direction(Random random, int dimensions)
    {
        float[] vector = [.. Enumerable.Range(0, dimensions).Select(_ => (float)(random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5))];
        float norm = MathF.Sqrt(vector.Sum(v => v * v));
        return [.. vector.Select(v => v / norm)];
    }

    private static float[] Mix(Random random, float[] common, float[] center, float noise)
    {
        float[] own = Direction(random, common.Length);
        return [.. common.Select((c, d) => 2 * c + center[d] + noise * own[d])];
    }
}
