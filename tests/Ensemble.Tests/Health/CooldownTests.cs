using CsCheck;

namespace Ensemble.Tests;

public class CooldownTests
{
    private static readonly CooldownOptions Options = new(First: 10, Longest: 100);

    [Test]
    public void WithoutAStatement_WaitsDoubleUntilASuccess()
    {
        Cooldown cooldown = default;
        List<long> waits = [];
        long now = 0;
        for (int i = 0; i < 6; i++)
        {
            cooldown.Strike(now, null, Options);
            waits.Add(cooldown.Remaining(now).Ticks);
            now += waits[^1];
            Assert.That(cooldown.IsCooling(now), Is.False);
        }

        Assert.That(waits, Is.EqualTo(new long[] { 10, 20, 40, 80, 100, 100 }));
        cooldown.Success(now);
        cooldown.Strike(now, null, Options);
        Assert.That(cooldown.Remaining(now).Ticks, Is.EqualTo(10));
    }

    [Test]
    public void StrikesOfCallsUnderWay_CountOnce()
    {
        Cooldown cooldown = default;
        for (int i = 0; i < 5; i++)
        {
            cooldown.Strike(i, null, Options);
        }

        Assert.That(cooldown.Strikes, Is.EqualTo(1));
        Assert.That(cooldown.Remaining(0).Ticks, Is.EqualTo(10));
    }

    [Test]
    public void ASuccessThatBeganBeforeTheStrike_ForgetsNothing()
    {
        Cooldown cooldown = default;
        cooldown.Strike(5, null, Options);
        cooldown.Success(startedAt: 3);
        Assert.That(cooldown.Strikes, Is.EqualTo(1));
    }

    [Test]
    public void AStatedWait_IsAlwaysKept() =>
        Gen.Select(Gen.Long[0, 1000], Gen.Long[0, 500].Nullable()).List[1, 20].Sample(strikes =>
        {
            Cooldown cooldown = default;
            long latest = 0;
            foreach ((long now, long? wait) in strikes)
            {
                cooldown.Strike(now, wait is { } ticks ? new TimeSpan(ticks) : null, Options);
                latest = Math.Max(latest, now + (wait ?? 0));
                if (latest > now && !cooldown.IsCooling(latest - 1))
                {
                    return false;
                }
            }

            return true;
        });
}
