using CsCheck;

namespace Ensemble.Tests;

public class LatencyQuantileTests
{
    [Test]
    public void TheAnswer_IsTheTrueQuantileOrUpToATenthAbove() =>
        Gen.Select(Gen.Double[0.2, 60_000].Array[1, 300], Gen.Double[0.01, 1]).Sample((milliseconds, quantile) =>
        {
            LatencyQuantile latency = new();
            TimeSpan[] sorted = [.. milliseconds.Select(TimeSpan.FromMilliseconds).Order()];
            foreach (TimeSpan one in sorted)
            {
                latency.Add(one);
            }

            TimeSpan exact = sorted[Math.Max(0, (int)Math.Ceiling(quantile * sorted.Length) - 1)];
            return latency.TryGet(quantile, 1, out TimeSpan found) && found >= exact && found <= exact * 1.0906;
        });

    [Test]
    public void WithTooFewDurations_ThereIsNoAnswer()
    {
        LatencyQuantile latency = new();
        Assert.That(latency.TryGet(0.5, 0, out _), Is.False);
        latency.Add(TimeSpan.FromSeconds(1));
        Assert.That(latency.TryGet(0.5, 2, out _), Is.False);
        Assert.That(latency.TryGet(0.5, 1, out _), Is.True);
    }

    [Test]
    public void AMemberThatBecameSlower_IsLearnedWithinTwoThousandDurations()
    {
        LatencyQuantile latency = new();
        for (int i = 0; i < 100_000; i++)
        {
            latency.Add(TimeSpan.FromMilliseconds(100));
        }

        for (int i = 0; i < 2000; i++)
        {
            latency.Add(TimeSpan.FromSeconds(2));
        }

        Assert.That(latency.TryGet(0.5, 20, out TimeSpan median), Is.True);
        Assert.That(median, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(2)));
        Assert.That(latency.Count, Is.LessThanOrEqualTo(2000), "memory of the past is bounded");
    }

    [Test]
    public void Extremes_FallIntoTheOuterBuckets()
    {
        LatencyQuantile latency = new();
        latency.Add(TimeSpan.Zero);
        latency.Add(TimeSpan.MaxValue);
        Assert.That(latency.TryGet(0.5, 1, out TimeSpan shortest), Is.True);
        Assert.That(shortest, Is.LessThan(TimeSpan.FromMilliseconds(1)));
        Assert.That(latency.TryGet(1, 1, out TimeSpan longest), Is.True);
        Assert.That(longest, Is.GreaterThan(TimeSpan.FromHours(1)));
    }
}
