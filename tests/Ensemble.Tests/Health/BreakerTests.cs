namespace Ensemble.Tests;

public class BreakerTests
{
    private static readonly BreakerOptions Options = new(Consecutive: 3, Window: 4, Minimum: 2, FailuresInWindow: 2, FirstWait: 10, LongestWait: 40, ProbeLease: 15);

    [Test]
    public void FailuresWithinTheWindow_OpenItAndAProbeBecomesDueByItself()
    {
        Breaker breaker = Opened(0);
        Assert.That(breaker.StateAt(9), Is.EqualTo(BreakerState.Open));
        Assert.That(breaker.WaitAt(4), Is.EqualTo(new TimeSpan(6)));
        Assert.That(breaker.TryBegin(9, Options, out _), Is.False);
        Assert.That(breaker.StateAt(10), Is.EqualTo(BreakerState.ProbeDue), "nobody had to execute anything");
    }

    [Test]
    public void OneProbe_PassesAndItsSuccessCloses()
    {
        Breaker breaker = Opened(0);
        Assert.That(breaker.TryBegin(10, Options, out BreakerPass probe), Is.True);
        Assert.That(probe.IsProbe, Is.True);
        Assert.That(breaker.StateAt(10), Is.EqualTo(BreakerState.Probing));
        Assert.That(breaker.TryBegin(10, Options, out _), Is.False);
        breaker.Succeed(probe);
        Assert.That(breaker.StateAt(10), Is.EqualTo(BreakerState.Closed));
    }

    [Test]
    public void FailedProbes_DoubleTheWaitUpToTheLongest()
    {
        Breaker breaker = Opened(0);
        List<long> waits = [];
        long now = 10;
        for (int i = 0; i < 4; i++)
        {
            breaker.TryBegin(now, Options, out BreakerPass probe);
            breaker.Fail(probe, now, Options);
            waits.Add(breaker.WaitAt(now).Ticks);
            now += waits[^1];
        }

        Assert.That(waits, Is.EqualTo(new long[] { 20, 40, 40, 40 }));
    }

    [Test]
    public void AHastyProbe_HoldsNobodyWhoHasTheTime_AndIsTriedOncePerFirstWait()
    {
        Breaker breaker = Opened(0);
        Assert.That(breaker.TryBegin(10, Options, out BreakerPass hasty, isHasty: true), Is.True);
        Assert.That(breaker.StateAt(10), Is.EqualTo(BreakerState.ProbeDue));
        Assert.That(breaker.TryBegin(19, Options, out BreakerPass refused, isHasty: true), Is.False);
        Assert.That(refused.IsHasty, Is.True);
        breaker.Abandon(hasty);
        Assert.That(breaker.TryBegin(20, Options, out hasty, isHasty: true), Is.True);
        Assert.That(breaker.TryBegin(20, Options, out BreakerPass patient), Is.True);
        Assert.That(breaker.TryBegin(30, Options, out refused, isHasty: true), Is.False, "a probe is under way");
        Assert.That(refused.IsHasty, Is.False);
        breaker.Fail(hasty, 30, Options);
        Assert.That(breaker.StateAt(30), Is.EqualTo(BreakerState.Probing), "the patient one decides");
        breaker.Succeed(hasty);
        Assert.That(breaker.StateAt(30), Is.EqualTo(BreakerState.Closed), "but an answer is an answer");
        breaker.Fail(patient, 30, Options);
        Assert.That(breaker.StateAt(30), Is.EqualTo(BreakerState.Closed));
    }

    [Test]
    public void CallsThatTheirCallersCutOff_ShutNobodyOutWhoGivesMore_OneAtATime()
    {
        Breaker breaker = default;
        breaker.TryBegin(0, Options, out BreakerPass one);
        breaker.TryBegin(0, Options, out BreakerPass two);
        breaker.Fail(one, 0, Options, cutAfter: 5);
        breaker.Fail(two, 0, Options, cutAfter: 7);
        Assert.Multiple(() =>
        {
            Assert.That(breaker.StateAt(1), Is.EqualTo(BreakerState.Open));
            Assert.That(breaker.TryBegin(1, Options, out _, timeLeft: 14), Is.False, "not twice the longest");
            Assert.That(breaker.TryBegin(1, Options, out BreakerPass patient, timeLeft: 16), Is.True);
            Assert.That(patient.IsProbe, Is.True);
            Assert.That(breaker.TryBegin(2, Options, out _, timeLeft: long.MaxValue), Is.False, "one at a time");
            breaker.Abandon(patient);
            Assert.That(breaker.TryBegin(2, Options, out patient, timeLeft: 16), Is.True, "given back");
            breaker.Fail(patient, 3, Options, cutAfter: 16);
            Assert.That(breaker.TryBegin(4, Options, out _, timeLeft: 32), Is.False, "it was silent for as long");
            Assert.That(breaker.TryBegin(4, Options, out patient, timeLeft: 34), Is.True);
            breaker.Fail(patient, 5, Options);
            Assert.That(breaker.TryBegin(6, Options, out _, timeLeft: long.MaxValue), Is.False, "and now it has failed by itself");
        });
    }

    [Test]
    public void AnswerForAPatientCall_ClosesIt_AlsoWhileAnotherProbes()
    {
        Breaker breaker = default;
        breaker.TryBegin(0, Options, out BreakerPass one);
        breaker.TryBegin(0, Options, out BreakerPass two);
        breaker.Fail(one, 0, Options, cutAfter: 5);
        breaker.Fail(two, 0, Options, cutAfter: 5);
        Assert.That(breaker.TryBegin(10, Options, out BreakerPass impatient, timeLeft: 6), Is.True);
        Assert.That(breaker.TryBegin(11, Options, out BreakerPass patient, timeLeft: 100), Is.True);
        breaker.Fail(impatient, 15, Options, cutAfter: 6);
        Assert.That(breaker.StateAt(15), Is.EqualTo(BreakerState.Probing), "the patient one decides");
        breaker.Succeed(patient);
        Assert.That(breaker.StateAt(15), Is.EqualTo(BreakerState.Closed));
    }

    [Test]
    public void ACancelledProbe_IsGivenBackAndALostOneExpires()
    {
        Breaker breaker = Opened(0);
        breaker.TryBegin(10, Options, out BreakerPass cancelled);
        breaker.Abandon(cancelled);
        Assert.That(breaker.StateAt(10), Is.EqualTo(BreakerState.ProbeDue));

        breaker.TryBegin(10, Options, out BreakerPass lost);
        Assert.That(breaker.StateAt(24), Is.EqualTo(BreakerState.Probing));
        Assert.That(breaker.TryBegin(25, Options, out BreakerPass next), Is.True);
        breaker.Fail(lost, 25, Options);
        Assert.That(breaker.StateAt(25), Is.EqualTo(BreakerState.Probing), "the failure of a lost probe no longer counts");
        breaker.Succeed(next);
        Assert.That(breaker.StateAt(25), Is.EqualTo(BreakerState.Closed));
    }

    [Test]
    public void FailuresInARow_OpenItBeforeTheWindowIsFull()
    {
        BreakerOptions options = BreakerOptions.Default;
        Breaker breaker = default;
        for (int i = 0; i < options.Consecutive; i++)
        {
            Assert.That(breaker.TryBegin(0, options, out BreakerPass pass), Is.True);
            breaker.Fail(pass, 0, options);
        }

        Assert.That(breaker.StateAt(0), Is.EqualTo(BreakerState.Open));
    }

    [Test]
    public void FailuresAmongManySuccesses_DoNotOpenIt()
    {
        Breaker breaker = default;
        for (int i = 0; i < 20; i++)
        {
            breaker.TryBegin(0, Options, out BreakerPass pass);
            if (i % 4 == 0)
            {
                breaker.Fail(pass, 0, Options);
            }
            else
            {
                breaker.Succeed(pass);
            }
        }

        Assert.That(breaker.StateAt(0), Is.EqualTo(BreakerState.Closed));
    }

    [Test]
    public void NoOrderOfSteps_LetsTwoProbesPassOrLocksForEver()
    {
        int visited = 0;
        Explore(default, [null, null, null], now: 0, depth: 7, "", ref visited);
        Assert.That(visited, Is.GreaterThan(100_000));
    }

    private static Breaker Opened(long now)
    {
        Breaker breaker = default;
        breaker.TryBegin(now, Options, out BreakerPass one);
        breaker.TryBegin(now, Options, out BreakerPass two);
        breaker.Fail(one, now, Options);
        breaker.Fail(two, now, Options);
        return breaker;
    }

    // A breaker is a value: each branch goes on with its own copy.
    private static void Explore(Breaker breaker, (BreakerPass Pass, long At)?[] calls, long now, int depth, string trace, ref int visited)
    {
        visited++;
        int probes = calls.Count(call => call is { Pass: { IsProbe: true, IsHasty: false } } probe && now < probe.At + Options.ProbeLease);
        if (probes > 1 || (probes == 1 && breaker.StateAt(now) is BreakerState.ProbeDue))
        {
            Assert.Fail($"two probes may run: {trace}");
        }

        if (breaker.StateAt(now + Options.LongestWait + Options.ProbeLease) is not (BreakerState.Closed or BreakerState.ProbeDue))
        {
            Assert.Fail($"locked for ever: {trace}");
        }

        if (depth == 0)
        {
            return;
        }

        Explore(breaker, calls, now + Options.FirstWait, depth - 1, trace + " tick", ref visited);
        for (int i = 0; i < calls.Length; i++)
        {
            if (calls[i] is { } call)
            {
                (BreakerPass, long)?[] ended = [.. calls];
                ended[i] = null;
                Breaker succeeded = breaker;
                succeeded.Succeed(call.Pass);
                Explore(succeeded, ended, now, depth - 1, $"{trace} ok{i}", ref visited);
                Breaker failed = breaker;
                failed.Fail(call.Pass, now, Options);
                Explore(failed, ended, now, depth - 1, $"{trace} fail{i}", ref visited);
                Breaker abandoned = breaker;
                abandoned.Abandon(call.Pass);
                Explore(abandoned, ended, now, depth - 1, $"{trace} left{i}", ref visited);
            }
            else
            {
                Breaker begun = breaker;
                BreakerState state = breaker.StateAt(now);
                bool isHasty = i == calls.Length - 1, mayPass = state is BreakerState.Closed or BreakerState.ProbeDue;
                bool passes = begun.TryBegin(now, Options, out BreakerPass pass, isHasty);
                if (passes != mayPass && !(isHasty && mayPass && state is BreakerState.ProbeDue))
                {
                    Assert.Fail($"what a decision saw is not what the attempt got: {trace}");
                }

                if (passes)
                {
                    (BreakerPass, long)?[] more = [.. calls];
                    more[i] = (pass, now);
                    Explore(begun, more, now, depth - 1, $"{trace} begin{i}", ref visited);
                }
            }
        }
    }
}
