using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Ensemble.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Ensemble.Tests;

/// <summary>
/// Keys and prompts are planted wherever a caller, a member or its errors can hold them, and searched for in all that the engine says:
/// logs, spans, metrics, receipts as text and as JSON, exceptions, and the text of every object of ours that can be reached from them.
/// </summary>
[NonParallelizable]
public class PlantedTests
{
    private const string Prompt = "PLANTED-prompt-4711";
    private const string System = "PLANTED-system-4712";
    private const string Answer = "PLANTED-answer-4713";

    // What a server quotes when it refuses a key.
    private const string Key = "sk-PLANTED0123456789abcdefABCDEF4714";

    private static readonly string[] Planted = [Prompt, System, Answer, Key];

    private static readonly Price Dear = new() { InputPerMillion = 10m, OutputPerMillion = 40m };

    private static IEnumerable<AnswerScript> Faults =>
    [
        AnswerScript.Text(Answer, " more").ReportingUsage(10, 5),
        AnswerScript.Text(Answer, " more").FailAfter(1),
        AnswerScript.Text(Answer, " more").CutAfter(1),
        AnswerScript.Text(Answer, " more").ErrorContentAfter(1),
        AnswerScript.Text(Answer, " more").MalformedAfter(1),
        AnswerScript.Text(Answer).After(TimeSpan.FromSeconds(30)),
        AnswerScript.Http(401, $$$"""{"error":{"message":"Incorrect API key provided: {{{Key}}}","code":"invalid_api_key"}}"""),
        AnswerScript.Http(429, $$$"""{"error":{"message":"Too many requests for {{{Key}}}"}}"""),
        AnswerScript.Http(503, $$$"""{"error":{"message":"overloaded, Authorization: Bearer {{{Key}}}"}}"""),
        AnswerScript.Http(400, $$$"""{"error":{"message":"bad request with key {{{Key}}}"}}"""),
        AnswerScript.Empty(),
        AnswerScript.Fail(new ForeignException($"asked '{Prompt}' with {Key}", new InvalidCastException($"for {Key}"))),
        AnswerScript.Text(Answer, " more").FailAfter(1, static () => new ForeignException($"asked '{Prompt}' with {Key}")),
    ];

    [Test]
    public void NothingThatTheEngineSays_HoldsAKeyOrAPrompt(
        [Values("route", "hedged", "panel", "cascade", "model")] string kind, [Values] bool streaming)
    {
        List<string> said = [];
        foreach (AnswerScript first in Faults)
        {
            foreach (AnswerScript second in (AnswerScript[])[AnswerScript.Text(Answer).ReportingUsage(10, 5), AnswerScript.Http(500, $"failed for {Key}")])
            {
                said.AddRange(Listen(kind, streaming, budget: 1m, first, second));
            }
        }

        said.AddRange(Listen(kind, streaming, budget: 0m, AnswerScript.Text(Answer)));
        Assert.That(said, Has.Count.GreaterThan(100));
        Assert.That(said.Where(static line => Planted.Any(word => line.Contains(word, StringComparison.OrdinalIgnoreCase) || line.Contains(word.Replace('-', ' '), StringComparison.OrdinalIgnoreCase))).Take(5), Is.Empty);
    }

    [Test]
    public async Task TheErrorOfACallerWhoLeft_TellsNothingOfWhatAMemberThrewThen([Values("route", "cascade")] string kind, [Values] bool streaming)
    {
        using CancellationTokenSource leaving = new();
        using Scolding member = new(leaving);
        Member[] members = [new("a", member), new("b", member)];
        using IChatClient client = kind == "cascade" ? new CascadeChatClient("main", members, Unsure()) : new RouterChatClient("main", members);
        OperationCanceledException? left = await Assert.CatchAsync<OperationCanceledException>(async () => _ = streaming
            ? await client.GetStreamingResponseAsync(Prompt, cancellationToken: leaving.Token).ToChatResponseAsync()
            : await client.GetResponseAsync(Prompt, cancellationToken: leaving.Token));
        Assert.That(left!.CancellationToken, Is.EqualTo(leaving.Token));
        Assert.That(left.ToString(), Does.Not.Contain(Prompt).And.Not.Contain(Key));
    }

    [Test]
    public void TheSearch_FindsWhatIsThere()
    {
        List<string> said = [];
        Walk(new Carrier { Receipt = new Receipt { Name = "x", Kind = "route", Attempts = [new Attempt { Member = "a", Outcome = AttemptOutcome.Failed, Note = Key }] } }, said);
        Assert.That(said, Has.Some.Contains(Key));
    }

    private static CascadeOptions Unsure()
    {
        CascadeOptions options = new();
        options.DeferBelow.ValidJson = true;
        return options;
    }

    private static List<string> Listen(string kind, bool streaming, decimal budget, params AnswerScript[] scripts)
    {
        VirtualTime time = new();
        using Measurements metrics = new();
        using LogCollector logs = new();
        ConcurrentBag<Activity> spans = [];
        using ActivityListener listener = new()
        {
            ShouldListenTo = static source => source.Name == EnsembleTelemetry.SourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);
        Receipts sink = new();
        Ledger ledger = new(new MemoryLedgerStore(), [new Budget("all", budget) { Per = BudgetPeriod.Day }, new Budget("each", 1m) { Scope = BudgetScope.Request }], time);
        using ILoggerFactory loggers = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Trace).AddProvider(logs));
        EnsembleRuntime runtime = new() { TimeProvider = time, LoggerFactory = loggers, MeterFactory = metrics, ReceiptSink = sink, Ledger = ledger };
        Member[] members = [.. scripts.Select((script, i) => new Member($"m{i}", new ScriptedMember($"m{i}", time).Always(script).AsModel($"m{i}", Dear, runtime)))];
        RouterOptions options = new() { AttemptTimeout = TimeSpan.FromSeconds(1), IdleTimeout = TimeSpan.FromSeconds(1), Deadline = TimeSpan.FromSeconds(10) };
        options.Hedging = kind == "hedged" ? new() { MinimumSamples = 1, ShortestDelay = TimeSpan.FromMilliseconds(10) } : null;
        using IChatClient client = kind switch
        {
            "panel" => new PanelChatClient("main", members, new PanelOptions { Normalizer = BallotNormalizer.ShortAnswer }, runtime),
            "cascade" => new CascadeChatClient("main", members, Unsure(), runtime),
            "model" => members[0].Client,
            _ => new RouterChatClient("main", members, options, runtime),
        };
        ChatMessage[] messages = [new(ChatRole.System, System), new(ChatRole.User, Prompt)];
        ChatOptions asked = new() { MaxOutputTokens = 50, Instructions = System };
        List<object?> reached = [runtime, ledger, asked.GetEnsembleRequest()];
        for (int request = 0; request < 2; request++)
        {
            try
            {
                ChatResponse response = time.Run(async () => streaming
                    ? await client.GetStreamingResponseAsync(messages, asked).ToChatResponseAsync()
                    : await client.GetResponseAsync(messages, asked));
                reached.Add(response.GetReceipt());
            }
            catch (Exception exception) when (exception is not AssertionException)
            {
                reached.Add(exception);
            }
        }

        reached.AddRange(sink.All);
        reached.AddRange(time.Run(async () => await ledger.GetBalancesAsync(new SpendContext())));
        reached.AddRange(time.Run(async () => await ledger.GetUsageAsync(new UsageQuery { By = UsageGrouping.Model })));
        List<string> said = [.. logs.Lines];
        said.AddRange(spans.Select(static span => $"{span.DisplayName} {span.StatusDescription} {string.Join(' ', span.TagObjects)} {string.Join(' ', span.Events.SelectMany(one => one.Tags))} {string.Join(' ', span.Baggage)}"));
        said.AddRange(metrics.All.Select(static one => $"{one.Instrument} {string.Join(' ', one.Tags)}"));
        List<string> told = [];
        reached.ForEach(one => Walk(one, told));

        // A vote is about the answers, and tells them to whoever asked.
        said.AddRange(kind == "panel" ? told.Select(static line => line.Replace('-', ' ').Replace(Answer.Replace('-', ' '), "", StringComparison.OrdinalIgnoreCase)) : told);
        return said;
    }

    // The partial answer and the ballots' texts are the caller's own, and what a server said stands unread in its exception for classifiers;
    // everything else of ours must say nothing.
    private static void Walk(object? from, List<string> said)
    {
        HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
        Stack<object?> left = new([from]);
        while (left.TryPop(out object? one))
        {
            if (one is null or string or Type || one.GetType().IsPrimitive || !seen.Add(one))
            {
                continue;
            }

            if (one is IEnumerable many)
            {
                foreach (object? item in many)
                {
                    left.Push(item);
                }

                continue;
            }

            if (one is Exception exception)
            {
                // What others threw says what it says; ours must not repeat it.
                if (exception is not ForeignException)
                {
                    said.Add(exception.ToString());
                    left.Push(exception.InnerException);
                }

                left.Push(exception.Data[ModelChatClient.ReceiptKey]);
            }

            Type type = one.GetType();
            if (type.Assembly != typeof(Receipt).Assembly && type != typeof(Carrier))
            {
                continue;
            }

            said.Add(one.ToString() ?? "");
            said.AddRange(Displayed(one, type));
            if (one is Receipt receipt)
            {
                said.Add(JsonSerializer.Serialize(receipt, EnsembleJson.Options));
            }

            foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            {
                if (property.GetIndexParameters().Length > 0 || property.Name is nameof(StreamInterruptedException.Partial) or nameof(Ballot.Text) or nameof(Ballot.Choice) or nameof(ModelHttpException.Body))
                {
                    continue;
                }

                object? value = property.GetValue(one);
                if (value is string text)
                {
                    said.Add(text);
                }

                left.Push(value);
            }
        }
    }

    private static IEnumerable<string> Displayed(object one, Type type)
    {
        string pattern = type.GetCustomAttribute<DebuggerDisplayAttribute>()?.Value ?? "";
        foreach (string part in pattern.Split('{', '}').Where(static (_, i) => i % 2 == 1))
        {
            string member = part.Split(',', '(')[0];
            const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;
            yield return $"{type.GetProperty(member, Any)?.GetValue(one) ?? type.GetField(member, Any)?.GetValue(one) ?? type.GetMethod(member, Any, [])?.Invoke(one, null)}";
        }
    }

    private sealed class ForeignException(string message, Exception? inner = null) : Exception(message, inner);

    /// <summary>Quotes what it was asked when its caller leaves.</summary>
    private sealed class Scolding(CancellationTokenSource leaving) : IChatClient
    {
        public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            await leaving.CancelAsync();
            throw new ForeignException($"left: '{messages.Last().Text}' with {Key}");
        }

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, (await GetResponseAsync(messages, options, cancellationToken)).Text);
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }

    private sealed class Carrier
    {
        public Receipt? Receipt { get; init; }
    }

    private sealed class Receipts : IReceiptSink
    {
        public ConcurrentQueue<Receipt> All { get; } = [];

        public void Accept(Receipt receipt) => All.Enqueue(receipt);
    }

    private sealed class LogCollector : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Lines.Enqueue($"{state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Lines.Enqueue(formatter(state, exception));
            Lines.Enqueue($"{exception}");
            if (state is IReadOnlyList<KeyValuePair<string, object?>> values)
            {
                Lines.Enqueue(string.Join(' ', values));
            }
        }

        public void Dispose()
        {
        }
    }
}
