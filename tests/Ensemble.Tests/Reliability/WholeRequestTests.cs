using System.Runtime.CompilerServices;
using Ensemble.Testing;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests.Reliability;

/// <summary>Whatever <c>UseEnsembleRequest()</c> stands over and however the request ends, its receipt says what the ledger says.</summary>
public class WholeRequestTests
{
    private static readonly AnswerScript Yes = AnswerScript.Text("yes").ReportingUsage(1000, 1000);

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public enum Over
    {
        Model,
        Router,
        Panel,
        Cascade,
        Fallback,
        AnotherRequest,
    }

    [Test]
    public void Receipt_IsThatOfTheLedger_OverEveryComposition([Values] Over over, [Values] bool streaming)
    {
        Desk desk = new();
        ChatResponse response = desk.Ask(desk.Build(over, Yes), streaming);
        Receipt receipt = response.GetReceipt()!;
        Assert.Multiple(() =>
        {
            Assert.That(receipt.Kind, Is.EqualTo("request"));
            Assert.That(receipt.CostUsd, Is.EqualTo(desk.SpentUsd).And.GreaterThan(0));
            Assert.That(receipt.Attempts, Has.Some.Property(nameof(Attempt.Outcome)).EqualTo(AttemptOutcome.Answered));
            Assert.That(receipt.Degraded, Is.False);
            Assert.That(response.GetVote()?.Winner, Is.EqualTo(over is Over.Panel ? "yes" : null));
        });
    }

    [Test]
    public void TurnThatIsNotPaidFor_IsOnTheReceiptToo([Values] bool streaming, [Values] bool routed)
    {
        // The first turn takes most of the cap; the second is not sent.
        VirtualTime time = new();
        EnsembleRuntime runtime = new() { TimeProvider = time };
        using ScriptedMember mini = new ScriptedMember("mini", time).Next(AnswerScript.ToolCall("1", "look").ReportingUsage(100, 90)).Always(AnswerScript.Text("late"));
        IChatClient model = mini.AsModel("mini", new Price { InputPerMillion = 1m, OutputPerMillion = 100m }, runtime);
        IChatClient client = (routed ? new RouterChatClient("main", [new Member("mini", model)], null, runtime) : model)
            .AsBuilder().UseEnsembleRequest(time).UseFunctionInvocation().Build();
        ChatOptions options = new ChatOptions { MaxOutputTokens = 100, Tools = [AIFunctionFactory.Create(() => "seen", "look")] }.WithEnsemble(r => r with { MaxUsd = 0.015m });
        EnsembleException error = Assert.Catch<EnsembleException>(() => time.Run(() => client.AskAsync(streaming, options: options)))!;
        Assert.Multiple(() =>
        {
            Assert.That(error, Is.TypeOf<BudgetExceededException>());
            Assert.That(mini, CountersAre.Calls(1));
            Assert.That(error.Receipt!.Attempts, Has.Count.EqualTo(2));
            Assert.That(error.Receipt.Attempts[0].Outcome, Is.EqualTo(AttemptOutcome.Answered));
            Assert.That(error.Receipt.Attempts[1].Note, Does.Contain("cannot pay"));
            Assert.That(error.Receipt.CostUsd, Is.EqualTo(0.0091m));
            Assert.That(error.Receipt.ToString(), Does.StartWith("request: nobody answered"));
        });
    }

    [Test]
    public void ModelThatIsNotPaidFor_SaysSoOnAReceipt([Values] bool streaming, [Values] bool whole)
    {
        VirtualTime time = new();
        using ScriptedMember mini = new ScriptedMember("mini", time).Always(AnswerScript.Text("late"));
        EnsembleRuntime runtime = new() { TimeProvider = time, Ledger = new Ledger(new MemoryLedgerStore(), [new Budget("all", 0m)], time) };
        IChatClient model = mini.AsModel("mini", new Price { InputPerMillion = 1m, OutputPerMillion = 1m }, runtime);
        IChatClient client = whole ? model.AsBuilder().UseEnsembleRequest(time).Build() : model;
        BudgetExceededException error = Assert.Throws<BudgetExceededException>(() => time.Run(() => client.AskAsync(streaming, options: new ChatOptions { MaxOutputTokens = 10 })))!;
        Assert.That((error.Receipt!.CostUsd, error.Receipt.Attempts.Single().Member, error.Receipt.Attempts.Single().Outcome), Is.EqualTo(((decimal?)0m, "mini", AttemptOutcome.Skipped)));
    }

    [Test]
    public void Deadline_IsItsOwnError_AndTheReceiptHoldsTheReserve([Values] Over over, [Values] bool streaming)
    {
        Desk desk = new();
        IChatClient client = desk.Build(over, AnswerScript.Hang());
        DeadlineExceededException? error = Assert.Throws<DeadlineExceededException>(() => desk.Ask(client, streaming, r => r with { TimeLimit = Limit }));
        Assert.Multiple(() =>
        {
            Assert.That(desk.Time.Elapsed, Is.EqualTo(Limit));
            Assert.That(error!.Receipt!.Kind, Is.EqualTo("request"));
            Assert.That(error.Receipt.CostUsd, Is.EqualTo(desk.SpentUsd).And.GreaterThan(0));
        });
    }

    [Test]
    public void Cancellation_CarriesTheCallersToken_AndTheSinkHearsWhatItCost([Values] Over over, [Values] bool streaming, [Values] bool deadline)
    {
        Desk desk = new();
        IChatClient client = desk.Build(over, AnswerScript.Hang());
        using CancellationTokenSource left = new(TimeSpan.FromSeconds(3), desk.Time);
        OperationCanceledException? error = Assert.Catch<OperationCanceledException>(
            () => desk.Ask(client, streaming, r => deadline ? r with { TimeLimit = Limit } : r, token: left.Token));
        Assert.Multiple(() =>
        {
            Assert.That(error!.CancellationToken, Is.EqualTo(left.Token));
            Assert.That(desk.Heard.Sum(receipt => receipt.CostUsd), Is.EqualTo(desk.SpentUsd).And.GreaterThan(0));
        });
    }

    [Test]
    public void TurnThatFails_DoesNotHideWhatTheTurnsBeforeHaveCost([Values] bool streaming)
    {
        Desk desk = new();
        IChatClient client = desk.Tools(AnswerScript.Http(500), () => Task.FromResult("noon"));
        AllMembersFailedException? error = Assert.Throws<AllMembersFailedException>(() => desk.Ask(client, streaming));
        Assert.Multiple(() =>
        {
            Assert.That(error!.Receipt!.CostUsd, Is.EqualTo(desk.SpentUsd).And.GreaterThan(0));
            Assert.That(error.Receipt.Attempts.Select(turn => turn.Outcome), Is.EqualTo(new[] { AttemptOutcome.Answered, AttemptOutcome.Failed }));
            Assert.That(error.Receipt.AnsweredBy, Is.Null);
        });
    }

    [Test]
    public void StreamThatIsLeftInALaterTurn_ReportsAllTurnsInOneReceipt()
    {
        Desk desk = new();
        IChatClient client = desk.Tools(AnswerScript.Text("one ", "two ", "three"), () => Task.FromResult("noon"));
        desk.Time.Run(async () =>
        {
            await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync("hello", Desk.Options(r => r)).ConfigureAwait(false))
            {
                if (update.Text.Length > 0)
                {
                    break;
                }
            }
        });
        Assert.Multiple(() =>
        {
            Assert.That(desk.Heard.Single().Attempts.Select(turn => turn.Outcome), Is.EqualTo(new[] { AttemptOutcome.Answered, AttemptOutcome.Cancelled }));
            Assert.That(desk.Heard.Single().CostUsd, Is.EqualTo(desk.SpentUsd).And.GreaterThan(0.1m));
        });
    }

    [Test]
    public void ToolThatIgnoresItsToken_HoldsNobodyLongerThanTheGrace([Values] bool streaming)
    {
        Desk desk = new();
        TaskCompletionSource<string> never = new();
        IChatClient client = desk.Tools(Yes, () => never.Task);
        DeadlineExceededException? error = Assert.Throws<DeadlineExceededException>(() => desk.Ask(client, streaming, r => r with { TimeLimit = Limit }));
        Assert.Multiple(() =>
        {
            Assert.That(desk.Time.Elapsed, Is.InRange(Limit + AttemptStop.Grace, Limit + (2 * AttemptStop.Grace)));
            Assert.That(error!.Receipt!.CostUsd, Is.EqualTo(desk.SpentUsd).And.GreaterThan(0));
        });
        never.SetResult("late");
        Assert.That(desk.Members.Sum(member => member.Counters.Calls), Is.EqualTo(1), "nobody is asked after the caller has its error");
    }

    [Test]
    public void ToolThatObeysItsToken_EndsWithTheDeadline([Values] bool streaming)
    {
        Desk desk = new();
        ScriptedMember member = desk.Member(AnswerScript.ToolCall("1", "clock").ReportingUsage(20, 100));
        IChatClient client = desk.Router(member).AsBuilder().UseEnsembleRequest(desk.Time).UseFunctionInvocation().Build();
        AIFunction tool = AIFunctionFactory.Create(
            async (CancellationToken token) =>
            {
                // A delay of the platform would end on another thread, and virtual time would run past it.
                TaskCompletionSource<string> never = new();
                await using CancellationTokenRegistration stopped = token.Register(() => never.TrySetCanceled(token));
                return await never.Task.ConfigureAwait(false);
            },
            "clock");
        Assert.That(
            () => desk.Time.Run(() => client.AskAsync(streaming, options: new ChatOptions { Tools = [tool] }.WithEnsemble(r => r with { TimeLimit = Limit }))),
            Throws.TypeOf<DeadlineExceededException>());
        Assert.That(desk.Time.Elapsed, Is.EqualTo(Limit));
    }

    [Test]
    public void HungMember_IsAFailureOfItsOwn_AsWithoutTheRequest([Values] bool streaming)
    {
        int Calls(bool whole, bool isAlone)
        {
            Desk desk = new();
            Member[] members = [new("a", desk.Model(desk.Member(AnswerScript.Hang()))), new("b", desk.Model(desk.Member(Yes)))];
            RouterChatClient router = new("main", isAlone ? members[..1] : members, new RouterOptions { AttemptTimeout = TimeSpan.FromSeconds(1) }, desk.Runtime);
            IChatClient client = whole ? router.AsBuilder().UseEnsembleRequest(desk.Time).Build() : router;
            for (int i = 0; i < 10; i++)
            {
                Assert.That(() => desk.Ask(client, streaming, r => r with { TimeLimit = Limit }), isAlone ? Throws.TypeOf<DeadlineExceededException>().Or.TypeOf<AllMembersFailedException>() : Throws.Nothing);
            }

            return desk.Members[0].Counters.Calls;
        }

        Assert.That(Calls(whole: true, isAlone: false), Is.EqualTo(Calls(whole: false, isAlone: false)).And.LessThan(10), "the breaker has opened");
        Assert.That(Calls(whole: true, isAlone: true), Is.EqualTo(Calls(whole: false, isAlone: true)).And.LessThan(10), "the caller's time says nothing about the member, but ten seconds of silence do");
    }

    [Test]
    public void StreamThatItsCallerLeaves_TellsTheSinkOnce_WhoeverWasAsked(
        [Values(Over.Model, Over.Router, Over.Cascade, Over.Fallback, Over.AnotherRequest)] Over over, [Values] bool summedUp, [Values] bool deadline)
    {
        Desk desk = new();
        IChatClient client = desk.Build(over, AnswerScript.Text("one ", "two ", "three"));
        client = summedUp ? client.AsBuilder().UseEnsembleRequest(desk.Time).Build() : client;
        ChatOptions options = new() { MaxOutputTokens = 100 };
        options = deadline ? options.WithEnsemble(request => request with { TimeLimit = TimeSpan.FromSeconds(5) }) : options;
        desk.Time.Run(async () =>
        {
            await foreach (ChatResponseUpdate _ in client.GetStreamingResponseAsync("hello", options))
            {
                break;
            }
        });
        Assert.That(desk.SpentUsd, Is.GreaterThan(0));
        Assert.That(desk.Heard.Select(receipt => receipt.CostUsd), Is.EqualTo(new[] { (decimal?)desk.SpentUsd }));
    }

    [Test]
    public void StreamOfAModelThatIgnoresItsDeadline_IsToldOfAgainWithItsPrice()
    {
        Desk desk = new();
        IChatClient model = new Deaf(desk.Member(AnswerScript.Text("late").After(TimeSpan.FromSeconds(30)))).AsModel("deaf", new Price { InputPerMillion = 1m, OutputPerMillion = 100m }, desk.Runtime);
        DeadlineExceededException error = Assert.Throws<DeadlineExceededException>(() => desk.Ask(model, streaming: true, request => request with { TimeLimit = TimeSpan.FromSeconds(5) }))!;
        Assert.That((error.Receipt!.CostUsd, desk.SpentUsd, desk.Heard.Count), Is.EqualTo(((decimal?)null, 0m, 0)));
        desk.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(desk.SpentUsd, Is.GreaterThan(0));
        Assert.That(desk.Heard.Select(receipt => receipt.CostUsd), Is.EqualTo(new[] { (decimal?)desk.SpentUsd }));
    }

    [Test]
    public void RequestsWithinARequest_PayFromItsPurse([Values] bool streaming)
    {
        Desk desk = new();
        AnswerScript dear = AnswerScript.Text("yes").ReportingUsage(10, 500);
        PanelChatClient panel = new("panel", [.. Enumerable.Range(0, 3).Select(i => new Member($"m{i}", desk.Model(desk.Member(dear)).AsBuilder().UseEnsembleRequest(desk.Time).Build()))], null, desk.Runtime);
        ChatResponse response = desk.Ask(panel, streaming, r => r with { MaxUsd = 0.06m }, outputLimit: 500);
        Assert.That(desk.SpentUsd, Is.EqualTo(0.05001m), "the cap pays for one of three");
        Assert.That(response.GetReceipt()!.CostUsd, Is.EqualTo(desk.SpentUsd));
    }

    [Test]
    public void CapOfAPart_HoldsBesidesThatOfTheWhole([Values] bool streaming)
    {
        Desk desk = new();
        IChatClient part = desk.Router(desk.Member(Yes)).AsBuilder()
            .Use((messages, options, inner, token) => inner!.GetResponseAsync(messages, options.WithEnsemble(r => r with { MaxUsd = 0.001m }), token), null)
            .UseEnsembleRequest(desk.Time).Build();
        IChatClient whole = desk.Router(part).AsBuilder().UseEnsembleRequest(desk.Time).Build();
        Assert.That(() => desk.Ask(whole, streaming, r => r with { MaxUsd = 1m }, outputLimit: 1000), Throws.InstanceOf<EnsembleException>());
        Assert.That(desk.Members[0], CountersAre.Untouched);
    }

    [Test]
    public void AnswerFromACache_CostsNothing_AndTheReceiptSaysSo()
    {
        Desk desk = new();
        ChatResponse? kept = null;
        IChatClient client = desk.Build(Over.Model, Yes, pipeline => pipeline.Use(
            async (messages, options, inner, token) => kept ??= await inner!.GetResponseAsync(messages, options, token).ConfigureAwait(false), null));
        _ = desk.Ask(client, streaming: false);
        Receipt first = kept!.GetReceipt()!;
        kept!.AdditionalProperties![ReceiptExtensions.ReceiptKey] = System.Text.Json.JsonSerializer.SerializeToElement(first, EnsembleJson.Options);
        Receipt again = desk.Ask(client, streaming: false).GetReceipt()!;
        Assert.That((again.CostUsd, again.Attempts[0].Receipt!.Replayed), Is.EqualTo(((decimal?)0, true)));
    }

    [Test]
    public void TimeLimitThatNoTimerHolds_IsATypedError([Values] Over over, [Values] bool streaming)
    {
        Desk desk = new();
        IChatClient client = desk.Build(over, Yes);
        Assert.That(
            () => desk.Ask(client, streaming, r => r with { TimeLimit = TimeSpan.FromDays(60) }),
            Throws.TypeOf<UnsupportedOptionException>().With.Message.Contains("TimeLimit").And.Message.Contains("49 days"));
        Assert.That(desk.Members, Is.All.Matches<ScriptedMember>(member => member!.Counters.Calls == 0));
    }

    private sealed class Deaf(IChatClient inner) : DelegatingChatClient(inner)
    {
        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await foreach (ChatResponseUpdate update in InnerClient.GetStreamingResponseAsync(messages, options, CancellationToken.None))
            {
                yield return update;
            }
        }
    }

    /// <summary>Members with prices, a ledger without budgets, and a sink.</summary>
    private sealed class Desk : IReceiptSink
    {
        private readonly MemoryLedgerStore _store = new();
        private readonly Price _price = new() { InputPerMillion = 1m, OutputPerMillion = 100m };

        public Desk() => Runtime = new EnsembleRuntime { TimeProvider = Time, Ledger = new Ledger(_store, [], Time), ReceiptSink = this };

        public VirtualTime Time { get; } = new();

        public EnsembleRuntime Runtime { get; }

        public List<ScriptedMember> Members { get; } = [];

        public List<Receipt> Heard { get; } = [];

        public decimal SpentUsd => _store.GetUsageAsync(new UsageQuery(), default).AsTask().GetAwaiter().GetResult().Sum(line => line.CostUsd);

        public void Accept(Receipt receipt) => Heard.Add(receipt);

        public ScriptedMember Member(AnswerScript script)
        {
            ScriptedMember member = new ScriptedMember($"m{Members.Count}", Time).Always(script);
            Members.Add(member);
            return member;
        }

        public IChatClient Model(ScriptedMember member) => member.AsModel(member.Name, _price, Runtime);

        public RouterChatClient Router(IChatClient client) => new("main", [new Member("a", client as ScriptedMember is { } member ? Model(member) : client)], null, Runtime);

        public IChatClient Build(Over over, AnswerScript script, Func<ChatClientBuilder, ChatClientBuilder>? within = null)
        {
            IChatClient inner = over switch
            {
                Over.Model => Model(Member(script)),
                Over.Router => Router(Member(script)),
                Over.Panel => new PanelChatClient("panel", Enumerable.Range(0, 3).Select(i => new Member($"v{i}", Model(Member(script)))), null, Runtime),
                Over.Cascade => new CascadeChatClient("steps", [new Member("a", Model(Member(script)))], new CascadeOptions { DeferBelow = { Agreement = 0.5 } }, Runtime),
                Over.Fallback => new BudgetFallbackChatClient("main", Router(Member(script)), _ => throw new InvalidOperationException(), Runtime),
                _ => Router(Member(script)).AsBuilder().UseEnsembleRequest(Time).Build(),
            };
            ChatClientBuilder pipeline = inner.AsBuilder().UseEnsembleRequest(Time);
            return (within?.Invoke(pipeline) ?? pipeline).Build();
        }

        public IChatClient Tools(AnswerScript second, Func<Task<string>> tool)
        {
            ScriptedMember member = new ScriptedMember("a", Time).Next(AnswerScript.ToolCall("1", "clock").ReportingUsage(1000, 1000)).Always(second);
            Members.Add(member);
            IChatClient client = Router(member).AsBuilder().UseEnsembleRequest(Time).UseFunctionInvocation().Build();
            AIFunction function = AIFunctionFactory.Create(tool, "clock");
            return client.AsBuilder().ConfigureOptions(options => options.Tools = [function]).Build();
        }

        public static ChatOptions Options(Func<EnsembleRequest, EnsembleRequest> change, int outputLimit = 2000) =>
            new ChatOptions { MaxOutputTokens = outputLimit }.WithEnsemble(r => change(r with { Choices = ["yes", "no"] }));

        public ChatResponse Ask(IChatClient client, bool streaming, Func<EnsembleRequest, EnsembleRequest>? change = null, int outputLimit = 2000, CancellationToken token = default) =>
            Time.Run(() => client.AskAsync(streaming, options: Options(change ?? (r => r), outputLimit), cancellationToken: token));
    }
}
