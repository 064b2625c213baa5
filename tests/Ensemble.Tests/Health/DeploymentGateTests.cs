using CsCheck;
using Ensemble.Testing;

namespace Ensemble.Tests;

public class DeploymentGateTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly VirtualTime _time = new();

    [Test]
    public async Task CallsBeyondTheLimit_WaitAndGoInTheOrderInWhichTheyCame()
    {
        using DeploymentGate gate = new("mini", new DeploymentLimits { MaxConcurrency = 1 }, maxQueue: 10, _time);
        GateLease first = await gate.EnterAsync(1, Minute, default);
        List<int> order = [];
        Task[] waiting = [.. Enumerable.Range(0, 3).Select(async i =>
        {
            GateLease lease = await gate.EnterAsync(1, Minute, default);
            order.Add(i);
            gate.Leave(lease, 1);
        })];
        Assert.That(gate.Waiting, Is.EqualTo(3));
        gate.Leave(first, 1);
        await Task.WhenAll(waiting);
        Assert.That(order, Is.EqualTo(new[] { 0, 1, 2 }));
        Assert.That(gate.Running, Is.Zero);
    }

    [Test]
    public async Task AFullQueue_IsRefusedAtOnce()
    {
        using DeploymentGate gate = new("mini", new DeploymentLimits { MaxConcurrency = 1 }, maxQueue: 0, _time);
        await gate.EnterAsync(1, Minute, default);
        Assert.That(async () => await gate.EnterAsync(1, Minute, default), Throws.TypeOf<ModelBusyException>().With.Message.Contains("'mini'"));
    }

    [Test]
    public void ACallLargerThanAMinutesTokens_IsRefusedAtOnce_WithBothNumbers()
    {
        using DeploymentGate gate = new("mini", new DeploymentLimits { TokensPerMinute = 600 }, maxQueue: 10, _time);
        Assert.That(
            async () => await gate.EnterAsync(1022, TimeSpan.MaxValue, default),
            Throws.TypeOf<ModelBusyException>().With.Message.Contains("1022 tokens").And.Message.Contains("TokensPerMinute of its limits is 600").And.Message.Contains("MaxOutputTokens"));
        Assert.That(gate.Running, Is.Zero);
    }

    [Test]
    public void ARateLimit_DelaysByExactlyWhatIsNeeded()
    {
        using DeploymentGate gate = new("mini", new DeploymentLimits { RequestsPerMinute = 2 }, maxQueue: 10, _time);
        List<double> left = _time.Run(async () =>
        {
            List<double> seconds = [];
            for (int i = 0; i < 5; i++)
            {
                gate.Leave(await gate.EnterAsync(1, TimeSpan.FromHours(1), default).ConfigureAwait(false), 1);
                seconds.Add(_time.Elapsed.TotalSeconds);
            }

            return seconds;
        });
        Assert.That(left, Is.EqualTo(new double[] { 0, 0, 30, 60, 90 }));
    }

    [Test]
    public async Task ADeadlineThatPasses_GivesThePlaceInTheQueueUp()
    {
        using DeploymentGate gate = new("mini", new DeploymentLimits { MaxConcurrency = 1 }, maxQueue: 10, _time);
        GateLease first = await gate.EnterAsync(1, Minute, default);
        Task<GateLease> late = gate.EnterAsync(1, TimeSpan.FromSeconds(5), default).AsTask();
        Task<GateLease> patient = gate.EnterAsync(1, Minute, default).AsTask();
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(async () => await late, Throws.TypeOf<ModelBusyException>());
        gate.Leave(first, 1);
        await patient;
        Assert.That(gate.Running, Is.EqualTo(1));
        Assert.That(_time.PendingTimers, Is.Zero);
    }

    [Test]
    public async Task ACallerWhoLeaves_GetsACancellationAndLosesThePlace()
    {
        using DeploymentGate gate = new("mini", new DeploymentLimits { MaxConcurrency = 1 }, maxQueue: 10, _time);
        GateLease first = await gate.EnterAsync(1, Minute, default);
        using CancellationTokenSource caller = new();
        Task<GateLease> waiting = gate.EnterAsync(1, Minute, caller.Token).AsTask();
        await caller.CancelAsync();
        Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>().With.Property("CancellationToken").EqualTo(caller.Token));
        gate.Leave(first, 1);
        Assert.That((gate.Waiting, gate.Running), Is.EqualTo((0, 0)));
    }

    [Test]
    public void AnyHistory_KeepsTheLimitAndAnswersEveryCall() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 30]).List[1, 60].Sample(steps =>
        {
            // Run takes the test's synchronization context away, so that turns go on at once.
            VirtualTime time = new();
            return time.Run(() => Task.FromResult(Holds(time, steps)));
        });

    [Test]
    public void HedgingStarts_OnlyWhenTheDelayIsLearnedAndTimeIsLeft()
    {
        LatencyQuantile latency = new();
        Assert.That(HedgingDelay.Default.For(latency, Minute), Is.Null);
        for (int i = 0; i < 20; i++)
        {
            latency.Add(TimeSpan.FromMilliseconds(i == 19 ? 5000 : 400));
        }

        Assert.That(HedgingDelay.Default.For(latency, Minute), Is.InRange(TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(437)));
        Assert.That(HedgingDelay.Default.For(latency, TimeSpan.FromMilliseconds(700)), Is.Null, "too late to answer");
    }

    [Test]
    public void TheTable_KeepsOneHealthForEachNameAndForgetsOnReload()
    {
        HealthTable table = new(_time);
        DeploymentHealth first = table.Get("a");
        Assert.That(table.Get("a"), Is.SameAs(first));
        _ = table.Get("b");
        table.Retain(new HashSet<string> { "a" });
        Assert.That(table.Count, Is.EqualTo(1));
    }

    private static async Task<GateLease> Enter(DeploymentGate gate, long tokens, CancellationToken cancellationToken) =>
        await gate.EnterAsync(tokens, TimeSpan.FromMinutes(2), cancellationToken).ConfigureAwait(false);

    private static bool Holds(VirtualTime time, List<(int Step, int Amount)> steps)
    {
        using DeploymentGate gate = new("mini", new DeploymentLimits { MaxConcurrency = 2, TokensPerMinute = 100 }, maxQueue: 5, time);
        List<Task<GateLease>> calls = [];
        HashSet<Task<GateLease>> ended = [];
        List<CancellationTokenSource> callers = [];
        foreach ((int step, int amount) in steps)
        {
            Task<GateLease>? running = calls.FirstOrDefault(call => call.IsCompletedSuccessfully && !ended.Contains(call));
            switch (step)
            {
                case 0:
                    CancellationTokenSource caller = new();
                    callers.Add(caller);
                    // Not 0: the platform shares one task between all calls whose result is all zeros, and tasks are told apart here.
                    calls.Add(Enter(gate, amount + 1, caller.Token));
                    break;
                case 1 when running is not null:
                    _ = ended.Add(running);
                    gate.Leave(running.Result, amount + 1);
                    break;
                case 2:
                    time.Advance(TimeSpan.FromSeconds(amount));
                    break;
                case 3 when callers.Count > 0:
                    callers[amount % callers.Count].Cancel();
                    break;
            }

            int inside = calls.Count(call => call.IsCompletedSuccessfully && !ended.Contains(call));
            if (inside > 2 || inside != gate.Running)
            {
                return false;
            }
        }

        time.Advance(TimeSpan.FromMinutes(10));
        callers.ForEach(caller => caller.Dispose());
        return calls.All(call => call.IsCompleted) && gate.Waiting == 0 && time.PendingTimers <= 1;
    }
}
