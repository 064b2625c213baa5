using CsCheck;
using Ensemble.Tests;

namespace Ensemble.Onnx.Tests.Local;

internal sealed class SamplingTests
{
    private static readonly Gen<float[]> GenLogits = Gen.Float[-12f, 12f].Array[1, 600];

    [Test]
    public void Greedy_TakesTheLargestLogit() =>
        GenLogits.Sample(logits => logits[Choose(new SamplingOptions(), logits)] == logits.Max());

    [Test]
    public void TopK_KeepsTheKLargest() =>
        Gen.Select(GenLogits, Gen.Int[1, 40], Gen.Long).Sample((logits, k, seed) =>
        {
            float least = logits.OrderDescending().ElementAt(Math.Min(k, logits.Length) - 1);

            // Logits that differ by less than a rounding of their distance to the largest have the same weight.
            return logits[Choose(new SamplingOptions { Temperature = 2, TopK = k, Seed = seed }, logits)] >= least - 1e-4f;
        });

    [Test]
    public void TopP_KeepsTheSmallestSetOfThatMass() =>
        Gen.Select(GenLogits, Gen.Float[0.05f, 0.99f], Gen.Long).Sample((logits, share, seed) =>
        {
            int chosen = Choose(new SamplingOptions { Temperature = 1, TopP = share, Seed = seed }, logits);
            double max = logits.Max();
            double[] weights = [.. logits.Select(logit => Math.Exp(logit - max))];

            // A token stays as long as the tokens above it have not reached the share; rounding moves that by a hair and makes near weights equal.
            double above = weights.Where(weight => weight > weights[chosen] * 1.0001).Sum() / weights.Sum();
            return above <= share + 1e-5;
        });

    [Test]
    public void MinP_KeepsWhatHasThatShareOfTheBest() =>
        Gen.Select(GenLogits, Gen.Float[0.001f, 1f], Gen.Long).Sample((logits, share, seed) =>
            Math.Exp(logits[Choose(new SamplingOptions { Temperature = 1, MinP = share, Seed = seed }, logits)] - logits.Max()) >= share * 0.9999);

    [Test]
    public void Draws_FollowTheProbabilities([Values(1, 7, 100, 3000)] int padding)
    {
        float[] logits = new float[padding + 3];
        Array.Fill(logits, float.NegativeInfinity);
        (logits[0], logits[padding], logits[padding + 2]) = (MathF.Log(0.5f), MathF.Log(0.3f), MathF.Log(0.2f));
        int[] counts = new int[logits.Length];
        for (int seed = 0; seed < 20_000; seed++)
        {
            counts[Choose(new SamplingOptions { Temperature = 1, Seed = seed }, logits)]++;
        }

        // Five standard deviations of the largest.
        Assert.That(new[] { counts[0], counts[padding], counts[padding + 2] }, Is.EqualTo(new[] { 10_000, 6_000, 4_000 }).Within(354));
    }

    [Test]
    public void Cutoffs_EqualThoseOfASort() =>
        Gen.Select(Gen.Float[0, 1f].Array[1, 300], Gen.Int[1, 300]).Sample((weights, count) =>
        {
            weights[0] = 1;
            float expected = weights.OrderDescending().ElementAt(Math.Min(count, weights.Length) - 1);
            return count > weights.Length || Weights.CutoffByCount(weights, count, new float[weights.Length]) == expected;
        });

    [Test]
    public void Penalties_AreOpenAIs()
    {
        using TokenSampler sampler = new(new SamplingOptions { FrequencyPenalty = 1, PresencePenalty = 0.5f }, 3);
        float[] logits = [2.4f, 2, 0];

        // 2.4 | 2.4 - 1.5 < 2 | 0.9 > 2 - 1.5 | 2.4 - 2.5 < 0.5 | then token 1 has 2 - 2.5 and token 0 has -0.1, so the third wins.
        Assert.That(Enumerable.Range(0, 5).Select(_ => sampler.Choose(logits)), Is.EqualTo(new[] { 0, 1, 0, 1, 2 }));
    }

    [Test]
    public void Bias_IsAddedToTheLogit() =>
        Assert.That(Choose(new SamplingOptions { LogitBias = new Dictionary<int, float> { [1] = 5, [0] = -5 } }, [3, 0, 2]), Is.EqualTo(1));

    [Test]
    public void Seeds_DrawAnew_AtEachPosition()
    {
        double[] draws = [.. Enumerable.Range(0, 1000).Select(position => SeededDraw.At(42, position))];
        Assert.That(draws, Is.Unique);
        Assert.That(draws, Is.All.InRange(0, 1));
        Assert.That(draws.Average(), Is.EqualTo(0.5).Within(0.05));
        Assert.That(SeededDraw.At(42, 7), Is.EqualTo(draws[7]));
    }

    [Test]
    public void Choosing_AllocatesNothing()
    {
        float[] logits = [.. Enumerable.Range(0, 50_000).Select(index => 10 * MathF.Sin(index))];
        using TokenSampler sampler = new(new SamplingOptions { Temperature = 1, TopK = 1000, TopP = 0.9f, MinP = 0.001f }, logits.Length);
        Assert.That(Allocation.Of(() => sampler.Choose(logits)), Is.Zero);
    }

    [Test]
    public void LogSumExp_NormalisesLargeLogits() =>
        Assert.That(LogProbability.LogSumExp([1000, 1000], new float[2]), Is.EqualTo(1000 + Math.Log(2)).Within(1e-4));

    [Test]
    public void Top_EqualsASort() =>
        Gen.Select(GenLogits, Gen.Int[0, 20]).Sample((logits, count) =>
            LogProbability.Top(logits, count).SequenceEqual(Enumerable.Range(0, logits.Length).OrderByDescending(id => logits[id]).ThenBy(id => id).Take(count)));

    private static int Choose(SamplingOptions options, float[] logits)
    {
        using TokenSampler sampler = new(options, logits.Length);
        return sampler.Choose(logits);
    }
}
