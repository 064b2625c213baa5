using Ensemble.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Ensemble.Tests;

public class DeploymentHealthTests
{
    private readonly FakeTimeProvider _time = new();

    [Test]
    public void ARateLimit_CoolsForExactlyTheStatedTime()
    {
        DeploymentHealth health = new(_time);
        Assert.That(health.TryBegin(out HealthLease lease), Is.True);
        health.Fail(lease, new Failure(FailureClass.RateLimited, TimeSpan.FromSeconds(20)));
        Assert.That(health.Look(), Is.EqualTo(new HealthView(BreakerState.Open, TimeSpan.FromSeconds(20))));
        Assert.That(health.TryBegin(out _), Is.False);
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.That(health.Look().CanPass, Is.True);
    }

    [Test]
    public void FaultsOfTheRequestOrItsCaller_SayNothingAboutTheDeployment(
        [Values(FailureClass.BadRequest, FailureClass.ContentFilter, FailureClass.Cancelled, FailureClass.PromptTooLong)] FailureClass failure)
    {
        DeploymentHealth health = new(_time);
        for (int i = 0; i < 100; i++)
        {
            Assert.That(health.TryBegin(out HealthLease lease), Is.True);
            health.Fail(lease, new Failure(failure));
        }
    }

    [Test]
    public void ADeadDeployment_IsAskedOncePerWaitAndRecoversWithTheFirstSuccess()
    {
        DeploymentHealth health = new(_time);
        int asked = 0;
        for (int second = 0; second < 600; second++)
        {
            for (int i = 0; i < 10; i++)
            {
                if (health.TryBegin(out HealthLease lease))
                {
                    asked++;
                    health.Fail(lease, new Failure(FailureClass.Transport));
                }
            }

            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(asked, Is.InRange(8, 14), "of 6000 requests a dead deployment gets a handful");
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.That(health.Look().State, Is.EqualTo(BreakerState.ProbeDue));
        Assert.That(health.TryBegin(out HealthLease probe), Is.True);
        health.Succeed(probe);
        Assert.That(health.Look(), Is.EqualTo(new HealthView(BreakerState.Closed, TimeSpan.Zero)));
    }

    [Test]
    public void AProbeWithoutTheTimeForAnAnswer_IsLostByAnError_NotByTheTime([Values] bool streaming)
    {
        DeploymentHealth health = new(_time);
        for (int i = 0; i < 5; i++)
        {
            health.TimesOf(streaming).Add(TimeSpan.FromSeconds(2));
        }

        for (int i = 0; i < 3; i++)
        {
            Assert.That(health.TryBegin(out HealthLease lease), Is.True);
            health.Fail(lease, new Failure(FailureClass.Transport));
        }

        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(health.TryBegin(TimeSpan.FromSeconds(1.9), streaming, out HealthLease probe), Is.True);
        Assert.That(health.Fail(probe, new Failure(FailureClass.Timeout)), Is.False);
        Assert.That(health.TryBegin(TimeSpan.FromSeconds(1.9), streaming, out HealthLease refused), Is.False);
        Assert.That((refused.Pass.IsHasty, health.Look().State), Is.EqualTo((true, BreakerState.ProbeDue)), "only those in haste wait");
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(health.TryBegin(TimeSpan.FromSeconds(1.9), streaming, out probe), Is.True);
        Assert.That(health.Fail(probe, new Failure(FailureClass.Transport)), Is.True);
        Assert.That(health.Look(), Is.EqualTo(new HealthView(BreakerState.Open, TimeSpan.FromSeconds(10))));
    }

    [Test]
    public void AJumpOfTheWallClock_ChangesNothing()
    {
        VirtualTime time = new();
        DeploymentHealth health = new(time);
        health.TryBegin(out HealthLease lease);
        health.Fail(lease, new Failure(FailureClass.RateLimited, TimeSpan.FromSeconds(20)));
        time.JumpWallClock(TimeSpan.FromDays(3));
        Assert.That(health.Look().CanPass, Is.False);
    }

    [Test]
    public void LookingAndReporting_AllocateNothing()
    {
        DeploymentHealth health = new(_time);
        Assert.That(Allocation.Of(() => Round(health)), Is.Zero);
        static void Round(DeploymentHealth health)
        {
            if (health.Look().CanPass && health.TryBegin(out HealthLease lease))
            {
                health.Succeed(lease);
                health.TimeToFirstContent.Add(TimeSpan.FromMilliseconds(100));
                _ = health.TimeToFirstContent.TryGet(0.95, 20, out _);
            }
        }
    }
}
