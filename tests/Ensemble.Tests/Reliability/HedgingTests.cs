using CsCheck;
using Ensemble.Testing;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests.Reliability;

/// <summary>A second attempt beside one that is slower than its member usually is.</summary>
public class HedgingTests
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(10);

    [Test]
    public void SlowMember_IsBeatenByASecond_AndStoppedAndBilled([Values] bool streaming)
    {
        HedgingScene scene = new(new() { Hedging = new() });
        scene.Learn(streaming);
        scene.SlowDown(Slow);
        TimeSpan before = scene.Time.Elapsed;
        ChatResponse response = scene.Ask(streaming);
        Receipt receipt = response.GetReceipt()!;
        Assert.Multiple(() =>
        {
            Assert.That(response.Text, Is.EqualTo("b says so."));
            Assert.That(scene.Time.Elapsed - before, Is.LessThan(TimeSpan.FromMilliseconds(400)));
            Assert.That(receipt.AnsweredBy, Is.EqualTo("b"));
            Assert.That(receipt.Attempts.Select(a => (a.Member, a.Outcome)), Is.EqualTo(new[] { ("a", AttemptOutcome.Cancelled), ("b", AttemptOutcome.Answered) }));
            Assert.That(receipt.Notes, Has.Some.StartsWith("hedged: b was asked beside a after 0.1"));
            Assert.That(receipt.Degraded, Is.False);
            Assert.That(receipt.CostUsd, Is.Not.Null, "what was stopped is billed in the receipt");
            Assert.That(scene.Members[0].Counters.Cancelled, Is.EqualTo(1));
        });
        scene.AssertNothingIsLeftBehind();
    }

    [Test]
    public void FirstMember_ThatAnswersAfterAll_BeatsTheSecond([Values] bool streaming)
    {
        HedgingScene scene = new(new() { Hedging = new() });
        scene.Learn(streaming);
        scene.SlowDown(TimeSpan.FromMilliseconds(150));
        Receipt receipt = scene.Ask(streaming).GetReceipt()!;
        Assert.That(receipt.Attempts.Select(a => (a.Member, a.Outcome)), Is.EqualTo(new[] { ("a", AttemptOutcome.Answered), ("b", AttemptOutcome.Cancelled) }));
        Assert.That(receipt.CostUsd, Is.Not.Null);
        scene.AssertNothingIsLeftBehind();
    }

    [Test]
    public void ByDefault_NobodyIsAskedTwice([Values] bool streaming)
    {
        HedgingScene scene = new(new());
        scene.Learn(streaming);
        scene.SlowDown(Slow);
        Assert.That(scene.Ask(streaming).GetReceipt()!.AnsweredBy, Is.EqualTo("a"));
        Assert.That(scene.Members[1], CountersAre.Untouched);
    }

    [Test]
    public void TooLittleKnown_NothingIsHedged([Values] bool streaming)
    {
        HedgingScene scene = new(new() { Hedging = new() { MinimumSamples = 31 } });
        scene.Learn(streaming);
        scene.SlowDown(Slow);
        Assert.That(scene.Ask(streaming).GetReceipt()!.AnsweredBy, Is.EqualTo("a"));
        Assert.That(scene.Members[1], CountersAre.Untouched);
    }

    [Test]
    public void LastAttemptOfTheRequest_IsNotSpentOnASecond([Values] bool streaming)
    {
        HedgingScene scene = new(new() { Hedging = new(), MaxAttempts = 1 });
        scene.Learn(streaming);
        scene.SlowDown(Slow);
        Assert.That(scene.Ask(streaming).GetReceipt()!.AnsweredBy, Is.EqualTo("a"));
        Assert.That(scene.Members[1], CountersAre.Untouched);
    }

    [Test]
    public void DeadlineTooNear_NothingIsHedged([Values] bool streaming)
    {
        HedgingScene scene = new(new() { Hedging = new(), Deadline = TimeSpan.FromMilliseconds(180) });
        scene.Learn(streaming);
        scene.SlowDown(TimeSpan.FromMilliseconds(170));
        Assert.That(scene.Ask(streaming).GetReceipt()!.AnsweredBy, Is.EqualTo("a"));
        Assert.That(scene.Members[1], CountersAre.Untouched);
    }

    [Test]
    public void DarkMember_IsNeverTheSecond([Values] bool streaming)
    {
        HedgingScene scene = new(new() { Hedging = new() }, members: 3);
        scene.Learn(streaming);
        scene.Script(0, AnswerScript.Http(500));
        scene.Script(1, AnswerScript.RateLimited(TimeSpan.FromMinutes(5)));
        Assert.That(scene.Ask(streaming).GetReceipt()!.AnsweredBy, Is.EqualTo("c"));
        scene.Script(0, HedgingScene.Says("a", Slow));
        int asked = scene.Members[1].Counters.Calls;
        Receipt receipt = scene.Ask(streaming).GetReceipt()!;
        Assert.Multiple(() =>
        {
            Assert.That(receipt.AnsweredBy, Is.EqualTo("c"));
            Assert.That(scene.Members[1].Counters.Calls, Is.EqualTo(asked));
            Assert.That(receipt.Degraded, Is.False, "nobody was passed over who should have answered");
        });
    }

    [Test]
    public void ExcludedMember_IsNeverTheSecond([Values] bool streaming)
    {
        HedgingScene scene = new(new() { Hedging = new(), Selection = new SelectionOptions { Requirements = new Requirements { Deny = ["b"] } } });
        scene.Learn(streaming);
        scene.SlowDown(Slow);
        Assert.That(scene.Ask(streaming).GetReceipt()!.AnsweredBy, Is.EqualTo("a"));
        Assert.That(scene.Members[1], CountersAre.Untouched);
    }

    [Test]
    public void SecondThatFails_LeavesTheFirstInTheRace([Values] bool streaming)
    {
        HedgingScene scene = new(new() { Hedging = new() });
        scene.Learn(streaming);
        scene.SlowDown(TimeSpan.FromSeconds(1));
        scene.Script(1, AnswerScript.Http(500));
        ChatResponse response = scene.Ask(streaming);
        Assert.That(response.GetReceipt()!.AnsweredBy, Is.EqualTo("a"));
        Assert.That(response, ReceiptIs.WithFailure("b", FailureClass.Transport));
        scene.AssertNothingIsLeftBehind();
    }

    [Test]
    public void FirstThatFails_LeavesTheSecondInTheRace_AndTheThirdIsNotAsked([Values] bool streaming)
    {
        HedgingScene scene = new(new() { Hedging = new() }, members: 3);
        scene.Learn(streaming);
        scene.Script(0, AnswerScript.Http(503).After(TimeSpan.FromMilliseconds(300)));
        scene.Script(1, HedgingScene.Says("b", TimeSpan.FromSeconds(1)));
        ChatResponse response = scene.Ask(streaming);
        Assert.That(response.GetReceipt()!.AnsweredBy, Is.EqualTo("b"));
        Assert.That(response, ReceiptIs.WithFailure("a", FailureClass.Overloaded));
        Assert.That(scene.Members[2], CountersAre.Untouched);
        scene.AssertNothingIsLeftBehind();
    }

    [Test]
    public void BothThatFail_LeaveTheThird([Values] bool streaming)
    {
        HedgingScene scene = new(new() { Hedging = new() }, members: 3);
        scene.Learn(streaming);
        scene.Script(0, AnswerScript.Http(503).After(TimeSpan.FromMilliseconds(300)));
        scene.Script(1, AnswerScript.Http(500));
        ChatResponse response = scene.Ask(streaming);
        Assert.That(response.GetReceipt()!.AnsweredBy, Is.EqualTo("c"));
        Assert.That(response.GetReceipt()!.Attempts.Select(a => a.Member), Is.EqualTo(new[] { "b", "a", "c" }), "failures in the order in which they were known");
        scene.AssertNothingIsLeftBehind();
    }

    [Test]
    public void SecondThatRefusesTheRequest_LosesNoAnswerOfTheFirst([Values] bool streaming, [Values(400, 415, 422)] int status)
    {
        HedgingScene scene = new(new() { Hedging = new() }, members: 3);
        scene.Learn(streaming);
        scene.SlowDown(TimeSpan.FromSeconds(1));
        scene.Script(1, AnswerScript.Http(status));
        ChatResponse response = scene.Ask(streaming);
        Assert.Multiple(() =>
        {
            Assert.That(response.Text, Is.EqualTo("a says so."));
            Assert.That(response.GetReceipt()!.Attempts.Select(a => (a.Member, a.Outcome)), Is.EqualTo(new[] { ("a", AttemptOutcome.Answered), ("b", AttemptOutcome.Failed) }));
            Assert.That(response.GetReceipt()!.CostUsd, Is.Not.Null);
            Assert.That(scene.Members[2], CountersAre.Untouched);
        });
        scene.AssertNothingIsLeftBehind();
    }

    [Test]
    public void RequestsOwnFault_IsTheError_WhenTheFirstFailsToo([Values] bool streaming)
    {
        HedgingScene scene = new(new() { Hedging = new() }, members: 3);
        scene.Learn(streaming);
        scene.Script(0, AnswerScript.Http(503).After(TimeSpan.FromSeconds(1)));
        scene.Script(1, AnswerScript.Http(400));
        EnsembleException error = Assert.Catch<EnsembleException>(() => scene.Ask(streaming))!;
        Assert.Multiple(() =>
        {
            Assert.That(error.FailureClass, Is.EqualTo(FailureClass.BadRequest));
            Assert.That(error.Receipt!.Attempts.Select(a => (a.Member, a.Outcome)), Is.EqualTo(new[] { ("a", AttemptOutcome.Failed), ("b", AttemptOutcome.Failed) }));
            Assert.That(scene.Members[2], CountersAre.Untouched);
        });
        scene.AssertNothingIsLeftBehind();
    }

    [Test]
    public void FirstThatRefusesTheRequest_StopsBoth([Values] bool streaming)
    {
        HedgingScene scene = new(new() { Hedging = new() }, members: 3);
        scene.Learn(streaming);
        scene.Script(0, AnswerScript.Http(400).After(TimeSpan.FromSeconds(1)));
        scene.Script(1, HedgingScene.Says("b", Slow));
        EnsembleException error = Assert.Catch<EnsembleException>(() => scene.Ask(streaming))!;
        Assert.Multiple(() =>
        {
            Assert.That(error.FailureClass, Is.EqualTo(FailureClass.BadRequest));
            Assert.That(error.Receipt!.Attempts.Single(a => a.Member == "b").Note, Does.Contain("the request ended with the other attempt"));
            Assert.That(scene.Members[2], CountersAre.Untouched);
        });
        scene.AssertNothingIsLeftBehind();
    }

    [Test]
    public void CallerLeaves_BothAreStopped_AndNothingStarts([Values] bool streaming, [Values(50, 150)] int milliseconds)
    {
        HedgingScene scene = new(new() { Hedging = new() }, members: 3);
        scene.Learn(streaming);
        scene.SlowDown(Slow);
        scene.Script(1, HedgingScene.Says("b", Slow));
        using CancellationTokenSource caller = new(TimeSpan.FromMilliseconds(milliseconds), scene.Time);
        OperationCanceledException error = Assert.Catch<OperationCanceledException>(() => scene.Ask(streaming, caller.Token))!;
        Assert.Multiple(() =>
        {
            Assert.That(error.CancellationToken, Is.EqualTo(caller.Token));
            Assert.That(scene.Members[0].Counters.Cancelled, Is.EqualTo(1));
            Assert.That(scene.Members[1].Counters.Cancelled, Is.EqualTo(milliseconds > 110 ? 1 : 0));
            Assert.That(scene.Members[2], CountersAre.Untouched);
        });
        scene.Time.Advance(TimeSpan.FromMinutes(1));
        scene.AssertNothingIsLeftBehind();
    }

    [Test]
    public void CapThatPaysOneCall_RefusesTheSecond_AndTheFirstAnswers([Values] bool streaming)
    {
        HedgingScene scene = new(new() { Hedging = new() });
        scene.Learn(streaming);
        scene.SlowDown(TimeSpan.FromSeconds(2));
        ChatOptions options = new ChatOptions { MaxOutputTokens = 10 }.WithEnsemble(r => r with { MaxUsd = 0.0002m });
        ChatResponse response = scene.Ask(streaming, options);
        Assert.Multiple(() =>
        {
            Assert.That(response.GetReceipt()!.AnsweredBy, Is.EqualTo("a"));
            Assert.That(response, ReceiptIs.WithFailure("b", FailureClass.QuotaExhausted));
            Assert.That(scene.Members[1], CountersAre.Untouched);
            Assert.That(response, !ReceiptIs.Degraded, "the answer is the one that was configured");
            Assert.That(response.GetReceipt()!.Notes, Has.None.Contains("hedged"), "nobody was asked beside it");
        });
        scene.AssertNothingIsLeftBehind();
    }

    [Test]
    public void SecondThatNoBudgetPays_IsNoHedge_AndNoAttempt([Values] bool streaming)
    {
        List<string> hedges = [];
        using System.Diagnostics.Metrics.MeterListener listener = new();
        VirtualTime time = new();
        EnsembleRuntime runtime = new() { TimeProvider = time, Ledger = new Ledger(new MemoryLedgerStore(), [new Budget("all", 0.01m)], time) };
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Name == "ensemble.hedges")
            {
                own.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => hedges.Add(string.Join(',', tags.ToArray().Select(tag => tag.Value))));
        listener.Start();
        Price price = new() { InputPerMillion = 0m, OutputPerMillion = 10m };
        bool isSlow = false;
        using ScriptedMember a = new ScriptedMember("a", time).Always(_ => HedgingScene.Says("a", TimeSpan.FromMilliseconds(isSlow ? 1000 : 100)).ReportingUsage(1, 1));
        using ScriptedMember b = new ScriptedMember("b", time).Always(HedgingScene.Says("b", TimeSpan.Zero).ReportingUsage(1, 1));
        string name = $"main{streaming}";
        RouterChatClient router = new(name, [new Member("a", a.AsModel("a", price, runtime)), new Member("b", b.AsModel("b", price, runtime))], new RouterOptions { Hedging = new(), MaxAttempts = 2 }, runtime);
        for (int i = 0; i < 25; i++)
        {
            _ = time.Run(() => router.AskAsync(streaming, options: new ChatOptions { MaxOutputTokens = 10 }));
        }

        isSlow = true;
        ChatResponse response = time.Run(() => router.AskAsync(streaming, options: new ChatOptions { MaxOutputTokens = 900 }));
        Assert.That(response, ReceiptIs.AnsweredBy("a"));
        Assert.That(hedges, Has.None.Contains(name));
        response = time.Run(() => router.AskAsync(streaming, options: new ChatOptions { MaxOutputTokens = 10 }));
        Assert.That(response, ReceiptIs.AnsweredBy("b"));
        Assert.That(hedges, Has.One.Contains(name), "that one was paid");
    }

    [Test]
    public void CallThatNoBudgetPays_IsNoAttempt([Values] bool streaming)
    {
        VirtualTime time = new();
        EnsembleRuntime runtime = new() { TimeProvider = time, Ledger = new Ledger(new MemoryLedgerStore(), [new Budget("all", 0.001m)], time) };
        using ScriptedMember dear = new ScriptedMember("dear", time).Always(HedgingScene.Says("dear", TimeSpan.Zero));
        using ScriptedMember cheap = new ScriptedMember("cheap", time).Always(HedgingScene.Says("cheap", TimeSpan.Zero));
        Member[] members = [new Member("dear", dear.AsModel("dear", new Price { InputPerMillion = 1m, OutputPerMillion = 1000m }, runtime)), new Member("cheap", cheap.AsModel("cheap", new Price { InputPerMillion = 0.1m, OutputPerMillion = 0.1m }, runtime))];
        RouterChatClient router = new("main", members, new RouterOptions { MaxAttempts = 1 }, runtime);
        ChatResponse response = time.Run(() => router.AskAsync(streaming, options: new ChatOptions { MaxOutputTokens = 10 }));
        Assert.That(response, ReceiptIs.AnsweredBy("cheap"));
        Assert.That(response, ReceiptIs.Degraded, "the first was to answer");
        Assert.That(dear, CountersAre.Untouched);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void AnswerOfTheFaster_ThatBreaksOff_IsGoneOnWithByTheSlower(bool firstIsSlower)
    {
        HedgingScene scene = new(new() { Hedging = new(), ContinueInterrupted = true });
        scene.Learn(streaming: true);
        scene.Script(0, firstIsSlower ? HedgingScene.Says("a", Slow) : HedgingScene.Says("a", TimeSpan.FromMilliseconds(150)).FailAfter(1));
        scene.Script(1, firstIsSlower ? HedgingScene.Says("b", TimeSpan.FromMilliseconds(100)).FailAfter(1) : HedgingScene.Says("b", Slow));
        ChatResponse response = scene.Ask(streaming: true);
        Assert.Multiple(() =>
        {
            Assert.That(response.Text, Is.EqualTo(firstIsSlower ? "ba says so." : "ab says so."), "one begins, the other goes on, and that is marked");
            Assert.That(response.GetReceipt()!.Degraded, Is.True);
            Assert.That(response, ReceiptIs.AnsweredBy(firstIsSlower ? "a" : "b"));
            Assert.That(scene.MostAtOnce, Is.EqualTo(2));
        });
        scene.AssertNothingIsLeftBehind();
    }

    [Test]
    public void NobodyIsAskedForMoney_ForACallThatIsMadeForSpeedOnly([Values] bool streaming, [Values] bool firstFails)
    {
        int asked = 0;
        VirtualTime time = new();
        Budget cap = new("all", 0.01m)
        {
            Ask = (_, _) =>
            {
                asked++;
                return new(BudgetDecision.Allow);
            },
        };
        EnsembleRuntime runtime = new() { TimeProvider = time, Ledger = new Ledger(new MemoryLedgerStore(), [cap], time) };
        Price price = new() { InputPerMillion = 0m, OutputPerMillion = 10m };
        bool isSlow = false;
        using ScriptedMember a = new ScriptedMember("a", time).Always(_ => !isSlow ? HedgingScene.Says("a", TimeSpan.FromMilliseconds(100)).ReportingUsage(1, 1)
            : firstFails ? AnswerScript.Http(503).After(TimeSpan.FromSeconds(1)) : HedgingScene.Says("a", TimeSpan.FromSeconds(1)).ReportingUsage(1, 1));
        using ScriptedMember b = new ScriptedMember("b", time).Always(HedgingScene.Says("b", TimeSpan.Zero).ReportingUsage(1, 1));
        RouterChatClient router = new("main", [new Member("a", a.AsModel("a", price, runtime)), new Member("b", b.AsModel("b", price, runtime))], new RouterOptions { Hedging = new() }, runtime);
        for (int i = 0; i < 25; i++)
        {
            _ = time.Run(() => router.AskAsync(streaming, options: new ChatOptions { MaxOutputTokens = 10 }));
        }

        // Of a cent 975 tokens are left: one such call is paid, and a second beside it is not.
        isSlow = true;
        ChatResponse response = time.Run(() => router.AskAsync(streaming, options: new ChatOptions { MaxOutputTokens = firstFails ? 970 : 900 }));
        Assert.That(response, ReceiptIs.AnsweredBy(firstFails ? "b" : "a"));
        Assert.That(response, ReceiptIs.WithFailure("b", FailureClass.QuotaExhausted));
        Assert.That((asked, b.Counters.Calls), Is.EqualTo((0, firstFails ? 1 : 0)), "in its own turn, when the first has given its money back, the second is paid");
    }

    [Test]
    public void HedgedCalls_DoNotShrinkTheDelay_UntilEveryCallIsHedged([Values] bool streaming)
    {
        HedgingScene scene = new(new() { Hedging = new() { Quantile = 0.9, ShortestDelay = TimeSpan.FromMilliseconds(1) } });
        Random random = new(7);
        int hedged = 0;
        const int Requests = 2000;
        for (int i = 0; i < Requests; i++)
        {
            // Spread over two octaves, so that a quantile of the fast ones alone would fall from bucket to bucket.
            scene.SlowDown(TimeSpan.FromMilliseconds(100 * Math.Pow(4, random.NextDouble())));
            scene.Script(1, HedgingScene.Says("b", TimeSpan.FromMilliseconds(1)));
            hedged += scene.Ask(streaming).GetReceipt()!.Attempts.Count - 1;
        }

        // A tenth, and less because a bucket is up to 9 % wide.
        Assert.That(hedged / (double)Requests, Is.InRange(0.03, 0.13));
    }

    [Test]
    public void AnyTwoTimes_TheAnswerIsOneMembersWhole_EveryReserveIsClosed_AndNeverMoreThanTwoRun([Values] bool streaming) =>
        Gen.Select(Gen.Int[1, 1000], Gen.Int[1, 1000], Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[0, 1500]).Sample(
            (first, second, firstFault, secondFault, leaves) =>
            {
                HedgingScene scene = new(new() { Hedging = new() }, members: 3);
                scene.Learn(streaming);
                scene.Script(0, HedgingScene.Faulty("a", first, firstFault));
                scene.Script(1, HedgingScene.Faulty("b", second, secondFault));
                using CancellationTokenSource caller = new(leaves is 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(leaves), scene.Time);
                try
                {
                    ChatResponse response = scene.Ask(streaming, caller.Token);
                    Receipt receipt = response.GetReceipt()!;
                    Assert.That(response.Text, Is.EqualTo($"{receipt.AnsweredBy} says so."));
                    Assert.That(receipt.Attempts.Select(a => a.Member), Is.Unique);
                }
                catch (OperationCanceledException)
                {
                    Assert.That(caller.IsCancellationRequested);
                }

                scene.Time.Advance(TimeSpan.FromMinutes(1));
                Assert.That(scene.MostAtOnce, Is.LessThanOrEqualTo(2));
                scene.AssertNothingIsLeftBehind();
            },
            iter: 300);

    [Test]
    public void QuantileThatIsNone_IsRefusedWithTheFix() => Assert.Multiple(() =>
    {
        foreach (HedgingOptions wrong in new HedgingOptions[] { new() { Quantile = 1 }, new() { Quantile = double.NaN }, new() { MinimumSamples = 0 }, new() { ShortestDelay = TimeSpan.Zero } })
        {
            Assert.That(() => new RouterChatClient("main", [new Member("a", new ScriptedMember("a"))], new RouterOptions { Hedging = wrong }), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("Hedging").And.Message.Contains("give"));
        }
    });
}
