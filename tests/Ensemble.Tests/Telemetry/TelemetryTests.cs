using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ensemble.Tests;

[NonParallelizable]
public class TelemetryTests
{
    private const string Secret = "my-secret-prompt";

    [Test]
    public async Task Spans_CompositionsHaveTheirOwn_AndOnlyModelsCountTokens([Values] bool streaming)
    {
        ConcurrentBag<Activity> spans = [];
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == EnsembleTelemetry.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);
        await using ServiceProvider services = Services(null);
        _ = await services.GetRequiredService<IEnsembleClients>().Get("main").AskAsync(streaming, Secret);

        Activity route = spans.Single(s => s.OperationName == "route main"), panel = spans.Single(s => s.OperationName == "panel jury");
        Activity[] models = [.. spans.Where(s => s.GetTagItem("gen_ai.usage.input_tokens") is not null)];
        Assert.Multiple(() =>
        {
            Assert.That(panel.ParentSpanId, Is.EqualTo(route.SpanId));
            Assert.That(models, Has.Length.EqualTo(2));
            Assert.That(models.Select(m => m.ParentSpanId), Is.All.EqualTo(panel.SpanId));
            Assert.That(route.GetTagItem("gen_ai.usage.input_tokens"), Is.Null);
            Assert.That(panel.GetTagItem("ensemble.vote.outcome"), Is.EqualTo("Decided"));
            Assert.That(spans.SelectMany(s => s.TagObjects).Where(t => t.Value is string text && text.Contains(Secret, StringComparison.Ordinal)), Is.Empty);
        });
    }

    [Test]
    public async Task SpanOfAPanelThatFails_SaysSo([Values("failed", "refused", "cancelled")] string end, [Values] bool streaming)
    {
        ConcurrentBag<Activity> spans = [];
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == EnsembleTelemetry.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);
        using CancellationTokenSource caller = new();
        TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        FakeClient member = end == "cancelled" ? FakeClient.Hangs(entered) : FakeClient.Throws(() => new IOException("down"));
        PanelChatClient panel = new("jury", [new("a", member), new("b", member)], new PanelOptions { Normalizer = BallotNormalizer.Number });
        Task<ChatResponse> asking = panel.AskAsync(streaming, options: end == "refused" ? new ChatOptions { ConversationId = "7" } : null, cancellationToken: caller.Token);
        if (end == "cancelled")
        {
            await entered.Task;
            await caller.CancelAsync();
        }

        Assert.That(async () => await asking, Throws.Exception);
        Activity span = spans.Single(s => s.OperationName == "panel jury");
        Assert.Multiple(() =>
        {
            Assert.That(span.Status, Is.EqualTo(ActivityStatusCode.Error));
            Assert.That(span.GetTagItem("error.type"), Is.EqualTo(end switch { "failed" => "Transport", "refused" => "UnsupportedOption", _ => "Cancelled" }));
        });
    }

    [Test]
    public async Task Logs_HoldNoPromptAndNoAnswer_AndTheirIdsAreStable([Values] bool streaming)
    {
        Collector logs = new();
        await using ServiceProvider services = Services(logs);
        _ = await services.GetRequiredService<IEnsembleClients>().Get("main").AskAsync(streaming, Secret);
        (int Id, LogLevel Level, string Text)[] ours = [.. logs.Lines.Where(l => l.Category == "Ensemble").Select(l => (l.Id, l.Level, l.Text))];
        Assert.Multiple(() =>
        {
            Assert.That(logs.Lines.Where(l => l.Text.Contains("my-secret", StringComparison.Ordinal)), Is.Empty);
            Assert.That(ours.Count(l => l is { Id: 2, Level: LogLevel.Warning }), Is.EqualTo(1));
            Assert.That(ours.Count(l => l is { Id: 3, Level: LogLevel.Error }), Is.EqualTo(1));
            Assert.That(ours.Count(l => l.Id == 5), Is.EqualTo(1));
        });
    }

    [Test]
    public async Task DeploymentThatIsOutOfUse_IsLoggedAsAnErrorOnce([Values] bool streaming)
    {
        Collector logs = new();
        await using ServiceProvider services = Services(logs);
        IChatClient main = services.GetRequiredService<IEnsembleClients>().Get("main");
        _ = await main.AskAsync(streaming, Secret);
        _ = await main.AskAsync(streaming, Secret);
        Assert.That(logs.Lines.Count(l => l.Level == LogLevel.Error), Is.EqualTo(1));
    }

    [Test]
    public async Task TelemetryOfModels_ListenerForOneInstrumentComesLater_CountsTheNextCall([Values] bool streaming)
    {
        await using ServiceProvider services = Services(null);
        IChatClient model = services.GetRequiredService<IEnsembleClients>().Get("a");
        _ = await model.AskAsync(streaming, Secret);
        Assert.That(model.GetService<ObservedChatClient>()!.IsListenedTo, Is.False);

        int counted = 0;
        using MeterListener listener = new()
        {
            InstrumentPublished = static (instrument, self) =>
            {
                if (instrument.Meter.Name == EnsembleTelemetry.MeterName && instrument.Name == "gen_ai.client.operation.duration")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref counted));
        listener.Start();
        _ = await model.AskAsync(streaming, Secret);

        Assert.That(counted, Is.EqualTo(1));
    }

    [Test]
    public async Task ModelThatFails_TelemetryOfThePlatformLogsItOnce_WhetherOrNotAnybodyListens([Values] bool streaming, [Values] bool listened)
    {
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == EnsembleTelemetry.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        if (listened)
        {
            ActivitySource.AddActivityListener(listener);
        }

        Collector logs = new();
        await using ServiceProvider services = Services(logs);
        IChatClient model = services.GetRequiredService<IEnsembleClients>().Get("locked");

        Assert.That(async () => await model.AskAsync(streaming, Secret), Throws.InstanceOf<HttpRequestException>());

        Assert.That(logs.Lines.Count(l => l.Category == typeof(OpenTelemetryChatClient).FullName), Is.EqualTo(1));
    }

    private static ServiceProvider Services(Collector? logs)
    {
        ServiceCollection collection = new();
        if (logs is not null)
        {
            collection.AddLogging(b => b.SetMinimumLevel(LogLevel.Debug).AddProvider(logs));
        }

        UsageDetails usage = new() { InputTokenCount = 5, OutputTokenCount = 2 };
        collection.AddEnsemble()
            .AddModel("locked", _ => FakeClient.Throws(() => new HttpRequestException($"bad key for {Secret}", null, System.Net.HttpStatusCode.Unauthorized)))
            .AddModel("a", _ => FakeClient.Says("my-secret-answer 42", usage))
            .AddModel("b", _ => FakeClient.Says("my-secret-answer 42", usage))
            .AddPanel("jury", "a, b", p => p.Normalizer = BallotNormalizer.Number)
            .AddRouter("main", "locked, jury");
        return collection.BuildServiceProvider();
    }

    private sealed class Collector : ILoggerProvider
    {
        public ConcurrentQueue<(string Category, int Id, LogLevel Level, string Text)> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

        public void Dispose()
        {
        }

        private sealed class Logger(Collector collector, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            // As in an application at its defaults: the platform's middleware writes prompts at Trace only.
            public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                collector.Lines.Enqueue((category, eventId.Id, logLevel, formatter(state, exception)));
        }
    }
}
