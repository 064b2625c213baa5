using System.Diagnostics.Metrics;
using Ensemble.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Ensemble.Tests;

[NonParallelizable]
public class MetricsTests
{
    private static readonly Price Dear = new() { InputPerMillion = 10m, OutputPerMillion = 40m };

    [Test]
    public void AFailover_IsAnAttemptMore_AFailover_AndARequest([Values] bool streaming)
    {
        using World world = new(AnswerScript.Http(503), AnswerScript.Text("The ", "answer.").ReportingUsage(1000, 100).After(TimeSpan.FromMilliseconds(300)));
        _ = world.Ask(streaming);
        Assert.Multiple(() =>
        {
            Assert.That(world.Metrics.Of("ensemble.attempts").Select(one => (one["ensemble.member"], one["ensemble.outcome"], one["error.type"])),
                Is.EqualTo(new[] { ("a", "Failed", "Overloaded"), ((string?)"b", (string?)"Answered", (string?)null) }).Or.EqualTo(new[] { ("a", "Failed", "Transport"), ((string?)"b", (string?)"Answered", (string?)null) }));
            Assert.That(world.Metrics.Of("ensemble.failovers").Select(one => one["ensemble.member"]), Is.EqualTo(new[] { "a" }));
            Assert.That(world.Metrics.Of("ensemble.request.duration").Single().Value, Is.EqualTo(0.3).Within(0.001));
            Assert.That(world.Metrics.Of("ensemble.time_to_first_content").Select(one => one.Value), streaming ? Is.EqualTo(new[] { 0.3 }).Within(0.001) : Is.Empty);
            Assert.That(world.Metrics.Of("ensemble.cost").Where(one => one["ensemble.member"] == "b").Sum(one => one.Value), Is.EqualTo(0.014).Within(1e-9));
            Assert.That(world.Metrics.All.SelectMany(one => one.Tags).Select(tag => tag.Value), Has.None.EqualTo("hello"));
        });
    }

    [Test]
    public void ARequestThatFails_IsMeasuredWithItsClass([Values] bool streaming)
    {
        using World world = new(AnswerScript.Http(400, "{\"error\":{\"message\":\"no such option\"}}"));
        Assert.Catch<EnsembleException>(() => world.Ask(streaming));
        Assert.That(world.Metrics.Of("ensemble.request.duration").Single()["error.type"], Is.Not.Null);
        Assert.That(world.Metrics.Of("ensemble.failovers"), Is.Empty);
    }

    [Test]
    public void ARateLimit_IsACooldown_AndHedgingAHedge()
    {
        using World limited = new(AnswerScript.RateLimited(TimeSpan.FromSeconds(7)), AnswerScript.Text("yes"));
        _ = limited.Ask(streaming: false);
        Measurements.Measured cooldown = limited.Metrics.Of("ensemble.cooldowns").Single();
        Assert.That((cooldown["ensemble.name"], cooldown["ensemble.member"], cooldown["error.type"]), Is.EqualTo(("main", "a", "RateLimited")));

        using World slow = new(new RouterOptions { Hedging = new() { MinimumSamples = 1, ShortestDelay = TimeSpan.FromMilliseconds(10) } },
            AnswerScript.Text("yes").After(TimeSpan.FromMilliseconds(50)), AnswerScript.Text("no"));
        _ = slow.Ask(streaming: false);
        slow.Members[0].Always(AnswerScript.Text("yes").After(TimeSpan.FromSeconds(20)));
        _ = slow.Ask(streaming: false);
        Assert.That(slow.Metrics.Of("ensemble.hedges").Single()["ensemble.member"], Is.EqualTo("b"));
        Assert.That(slow.Metrics.Of("ensemble.failovers"), Is.Empty, "a hedge is no failure");
    }

    [Test]
    public void AWaitAtTheLimits_IsMeasured()
    {
        using World world = new(new RouterOptions(), new DeploymentLimits { MaxConcurrency = 1 }, AnswerScript.Text("yes").After(TimeSpan.FromSeconds(2)));
        world.Time.Run(() => Task.WhenAll(world.Router.AskAsync(false, "one"), world.Router.AskAsync(false, "two")));
        Assert.That(world.Metrics.Of("ensemble.queue.wait").Select(one => Math.Round(one.Value, 3)), Is.EquivalentTo(new[] { 0.0, 2.0 }));
    }

    [Test]
    public async Task Savings_AreThePriceOfTheBestMember_LessWhatWasPaid()
    {
        using Measurements metrics = new();
        ServiceCollection services = new();
        services.AddSingleton<IMeterFactory>(metrics);
        services.AddEnsemble()
            .AddModel("cheap", _ => Says(), model => (model.Price, model.Quality, model.Card.ContextWindow) = (new() { InputPerMillion = 1m, OutputPerMillion = 4m }, 0.7, 8_192))
            .AddModel("best", _ => Says(), model => (model.Price, model.Quality, model.Card.ContextWindow) = (Dear, 0.9, 8_192))
            .AddRouter("main", "cheap, best", router => router.Selection = new() { Objective = Objective.Cheapest });
        await using ServiceProvider provider = services.BuildServiceProvider();
        _ = await provider.GetRequiredService<IEnsembleClients>().Get("main").GetResponseAsync("hello");
        Assert.That(metrics.Of("ensemble.savings").Single().Value, Is.EqualTo(0.014 - 0.0014).Within(1e-9));
    }

    [Test]
    public void WhereNobodyListens_MeasuringAllocatesNothing()
    {
        EnsembleMetrics metrics = new(new Meter("nobody listens"));
        Receipt receipt = new() { Name = "main", Kind = "route", Attempts = [new Attempt { Member = "a", Outcome = AttemptOutcome.Answered }] };
        Assert.That(
            Allocation.Of(() =>
            {
                metrics.Ended(receipt, error: null);
                metrics.Paid("a", 1m);
                metrics.Cooled("main", "a", FailureClass.Timeout);
                metrics.Hedged("main", "a");
                metrics.Queued("main", "a", TimeSpan.Zero);
                metrics.Saved("main", 1m);
            }),
            Is.Zero);
    }

    [Test]
    public void DocumentedInstruments_AreThoseThatThereAre()
    {
        List<Instrument> made = [];
        using MeterListener listener = new() { InstrumentPublished = (instrument, _) => { if (instrument.Meter.Name == "documented") { made.Add(instrument); } } };
        listener.Start();
        _ = new EnsembleMetrics(new Meter("documented"));
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "reliability.md"));
        Assert.That(made, Has.Count.GreaterThan(8));
        Assert.That(made.Select(one => $"| `{one.Name}` | {one.Unit} |").Where(row => !page.Contains(row, StringComparison.Ordinal)), Is.Empty);
    }

    private static FakeClient Says() => FakeClient.Says("yes", new UsageDetails { InputTokenCount = 1000, OutputTokenCount = 100 });

    private sealed class World : IDisposable
    {
        public World(params AnswerScript[] scripts)
            : this(new RouterOptions(), DeploymentLimits.None, scripts)
        {
        }

        public World(RouterOptions options, params AnswerScript[] scripts)
            : this(options, DeploymentLimits.None, scripts)
        {
        }

        public World(RouterOptions options, DeploymentLimits limits, params AnswerScript[] scripts)
        {
            EnsembleRuntime runtime = new() { TimeProvider = Time, MeterFactory = Metrics, Ledger = new Ledger(new MemoryLedgerStore(), [], Time) };
            Members = [.. scripts.Select((script, i) => new ScriptedMember(((char)('a' + i)).ToString(), Time).Always(script))];
            Router = new("main", Members.Select(member => new Member(member.Name, member.AsModel(member.Name, Dear, runtime)) { Limits = limits }), options, runtime);
        }

        public Measurements Metrics { get; } = new();

        public VirtualTime Time { get; } = new();

        public ScriptedMember[] Members { get; }

        public RouterChatClient Router { get; }

        public ChatResponse Ask(bool streaming) => Time.Run(() => Router.AskAsync(streaming, "hello"));

        public void Dispose()
        {
            Router.Dispose();
            Metrics.Dispose();
        }
    }
}
