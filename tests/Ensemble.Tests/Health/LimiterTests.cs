using CsCheck;

namespace Ensemble.Tests;

public class LimiterTests
{
    private const long Minute = TimeSpan.TicksPerMinute;

    [Test]
    public void InNoSpanOfTime_IsMoreTakenThanTheLimitAndItsBurst() =>
        Gen.Select(Gen.Long[1, 1000], Gen.Select(Gen.Long[0, Minute / 4], Gen.Long[1, 400]).List[1, 60]).Sample((perMinute, steps) =>
        {
            RateBucket bucket = default;
            List<(long At, long Amount)> taken = [];
            long now = 0;
            foreach ((long pause, long amount) in steps)
            {
                now += pause;
                if (bucket.TryTake(now, amount, perMinute))
                {
                    taken.Add((now, amount));
                }
            }

            return taken.Select((_, i) => i).All(first => taken.Skip(first).Select((_, i) => first + i).All(last =>
                taken.Skip(first).Take(last - first + 1).Sum(one => one.Amount) <= perMinute + ((decimal)perMinute * (taken[last].At - taken[first].At) / Minute)));
        });

    [Test]
    public void TheWait_IsExactlyWhatIsNeeded() =>
        Gen.Select(Gen.Long[1, 1000], Gen.Long[1, 1000], Gen.Long[1, 1000]).Where(one => one.Item2 <= one.Item1 && one.Item3 <= one.Item1).Sample((perMinute, first, second) =>
        {
            RateBucket bucket = default;
            _ = bucket.TryTake(0, first, perMinute);
            long wait = bucket.WaitFor(0, second, perMinute)!.Value.Ticks;
            RateBucket early = bucket;
            return bucket.TryTake(wait, second, perMinute) && (wait == 0 || !early.TryTake(wait - 1, second, perMinute));
        });

    [Test]
    public void MoreThanTheBucketHolds_IsNeverGranted()
    {
        RateBucket bucket = default;
        Assert.That(bucket.WaitFor(0, 61, 60), Is.Null);
        Assert.That(bucket.TryTake(long.MaxValue / 4, 61, 60), Is.False);
    }

    [Test]
    public void AnEstimate_IsCorrectedBothWays()
    {
        RateBucket bucket = default;
        Assert.That(bucket.TryTake(0, 60, 60), Is.True);
        Assert.That(bucket.TryTake(0, 1, 60), Is.False);
        bucket.Correct(0, taken: 60, used: 20, 60);
        Assert.That(bucket.TryTake(0, 40, 60), Is.True);
        bucket.Correct(0, taken: 40, used: 100, 60);
        Assert.That(bucket.WaitFor(0, 60, 60), Is.EqualTo(TimeSpan.FromMinutes(2)));
    }

    [Test]
    public void ACallThatCannotLeaveInTime_IsRefusedWhenItAsks()
    {
        DeploymentLimiter limiter = default;
        DeploymentLimits limits = new() { RequestsPerMinute = 1 };
        Assert.That(limiter.TryBegin(0, 10, TimeSpan.FromSeconds(30), limits, othersWait: false, out _), Is.EqualTo(Admission.Admitted));
        Assert.That(limiter.TryBegin(0, 10, TimeSpan.FromSeconds(30), limits, othersWait: false, out _), Is.EqualTo(Admission.Refused));
        Assert.That(limiter.TryBegin(0, 10, TimeSpan.FromSeconds(90), limits, othersWait: false, out TimeSpan wait), Is.EqualTo(Admission.Wait));
        Assert.That(wait, Is.EqualTo(TimeSpan.FromMinutes(1)));
    }

    [Test]
    public void ARefusalByOneLimit_TakesNothingFromTheOther()
    {
        DeploymentLimiter limiter = default;
        DeploymentLimits limits = new() { RequestsPerMinute = 2, TokensPerMinute = 100 };
        Assert.That(limiter.TryBegin(0, 200, TimeSpan.MaxValue, limits, othersWait: false, out _), Is.EqualTo(Admission.Refused));
        Assert.That(limiter.TryBegin(0, 50, TimeSpan.MaxValue, limits, othersWait: false, out _), Is.EqualTo(Admission.Admitted));
        Assert.That(limiter.TryBegin(0, 50, TimeSpan.MaxValue, limits, othersWait: false, out _), Is.EqualTo(Admission.Admitted));
    }

    [Test]
    public void NoOrderOfCalls_RunsMoreAtOnceThanAllowed() =>
        Gen.Bool.List[1, 200].Sample(steps =>
        {
            DeploymentLimiter limiter = default;
            DeploymentLimits limits = new() { MaxConcurrency = 3 };
            int running = 0;
            foreach (bool begin in steps)
            {
                if (begin)
                {
                    Admission admission = limiter.TryBegin(0, 1, TimeSpan.MaxValue, limits, othersWait: false, out _);
                    if (admission != (running < 3 ? Admission.Admitted : Admission.Wait))
                    {
                        return false;
                    }

                    running += admission is Admission.Admitted ? 1 : 0;
                }
                else if (running > 0)
                {
                    limiter.End(0, 1, 1, limits);
                    running--;
                }
            }

            return limiter.Running == running;
        });
}
