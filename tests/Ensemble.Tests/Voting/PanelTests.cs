using System.Text.Json;
using Ensemble.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;

namespace Ensemble.Tests;

public class PanelTests
{
    [Test]
    public async Task Majority_Wins_WithTheWordsOfItsFirstVoter([Values] bool streaming)
    {
        PanelChatClient panel = Panel(new PanelOptions { Normalizer = BallotNormalizer.ShortAnswer }, FakeClient.Says("Busan"), FakeClient.Says("Seoul."), FakeClient.Says("seoul"));
        ChatResponse response = await panel.AskAsync(streaming);
        Vote vote = response.GetVote()!;
        Assert.Multiple(() =>
        {
            Assert.That(response.Text, Is.EqualTo("Seoul."));
            Assert.That((vote.Outcome, vote.Winner), Is.EqualTo((VoteOutcome.Decided, "seoul")));
            Assert.That(vote.Agreement, Is.EqualTo(2.0 / 3).Within(1e-12));
            Assert.That(vote.Ballots.Select(b => b.Choice), Is.EqualTo(new[] { "busan", "seoul", "seoul" }));
            Assert.That(response.GetReceipt()!.AnsweredBy, Is.EqualTo("m2"));
            Assert.That(response.GetReceipt()!.Attempts, Has.Count.EqualTo(3));
        });
    }

    [TestCase("a,a,b,b", VoteOutcome.Tied, "a")]
    [TestCase("b,a,c", VoteOutcome.NoAgreement, "b")]
    [TestCase("a", VoteOutcome.Decided, "a")]
    public async Task TiesAndNoAgreement_AreResults(string answers, VoteOutcome outcome, string text)
    {
        foreach (bool streaming in new[] { false, true })
        {
            PanelChatClient panel = Panel(new PanelOptions { Normalizer = BallotNormalizer.ShortAnswer }, [.. answers.Split(',').Select(a => FakeClient.Says($"{a}1"))]);
            ChatResponse response = await panel.AskAsync(streaming);
            Assert.That((response.GetVote()!.Outcome, response.Text), Is.EqualTo((outcome, $"{text}1")));
        }
    }

    [Test]
    public async Task FreeText_ReturnsTheGreedyMember_MarkedNoConsensus([Values] bool streaming)
    {
        IReadOnlyList<Member> members = Member.Create(
            [new MemberOptions { Model = "warm", Temperature = 0.8f }, new MemberOptions { Model = "greedy", Temperature = 0 }], name => FakeClient.Says(name));
        ChatResponse response = await new PanelChatClient("jury", members).AskAsync(streaming);
        Assert.Multiple(() =>
        {
            Assert.That(response.Text, Is.EqualTo("greedy"));
            Assert.That(response.GetVote()!.Outcome, Is.EqualTo(VoteOutcome.NoConsensus));
            Assert.That(response.GetVote()!.Winner, Is.Null);
            Assert.That(response.GetVote()!.Ballots.Select(b => b.Text), Is.EqualTo(new[] { "warm", "greedy" }));
        });
    }

    [Test]
    public async Task FailedMember_CostsItsBallotOnly_AndTheAnswerIsDegraded([Values] bool streaming)
    {
        PanelChatClient panel = Panel(new PanelOptions { Normalizer = BallotNormalizer.Number }, FakeClient.Throws(new IOException()), FakeClient.Says("4"), FakeClient.Says("it is 4."));
        ChatResponse response = await panel.AskAsync(streaming);
        Assert.Multiple(() =>
        {
            Assert.That(response.GetVote()!.Winner, Is.EqualTo("4"));
            Assert.That(response.GetVote()!.Agreement, Is.EqualTo(1));
            Assert.That(response.GetVote()!.Ballots[0].Failure, Is.EqualTo(FailureClass.Transport));
            Assert.That(response.GetReceipt()!.Degraded, Is.True);
        });
    }

    [Test]
    public async Task UnreadableBallot_IsCountedButIsNoVote([Values] bool streaming)
    {
        ChatResponse response = await Panel(new PanelOptions { Normalizer = BallotNormalizer.Number }, FakeClient.Says("no idea"), FakeClient.Says("12")).AskAsync(streaming);
        Assert.Multiple(() =>
        {
            Assert.That(response.Text, Is.EqualTo("12"));
            Assert.That(response.GetVote()!.Ballots, Has.Count.EqualTo(2));
            Assert.That(response.GetVote()!.Agreement, Is.EqualTo(1));
        });
    }

    [Test]
    public async Task NormalizerThatThrows_CostsTheBallotOnly([Values] bool streaming)
    {
        IBallotNormalizer fussy = BallotNormalizer.From(text => text == "bad" ? throw new FormatException() : text);
        ChatResponse response = await Panel(new PanelOptions { Normalizer = fussy }, FakeClient.Says("bad"), FakeClient.Says("good")).AskAsync(streaming);
        Assert.That((response.Text, response.GetVote()!.Ballots[0].Choice), Is.EqualTo(("good", (string?)null)));
    }

    [Test]
    public async Task AllFail_IsATypedErrorWithEveryAttempt([Values] bool streaming)
    {
        AllMembersFailedException? error = await Assert.ThrowsAsync<AllMembersFailedException>(() =>
            Panel(new PanelOptions(), FakeClient.Throws(new IOException()), FakeClient.Says("")).AskAsync(streaming));
        Assert.That(error!.Attempts.Select(a => a.Failure), Is.EqualTo(new FailureClass?[] { FailureClass.Transport, FailureClass.Empty }));
    }

    [Test]
    public async Task RequestThatEveryMemberRefuses_KeepsItsTypedError([Values] bool streaming)
    {
        FakeClient Refusing() => FakeClient.Throws(() => new UnsupportedOptionException("no TopK"));
        UnsupportedOptionException? error = await Assert.ThrowsAsync<UnsupportedOptionException>(() => Panel(new PanelOptions(), Refusing(), Refusing()).AskAsync(streaming));
        Assert.That(error!.Attempts, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Tools_AreRefused_UnlessAskedOtherwise([Values] bool streaming)
    {
        ChatOptions options = new() { Tools = [AIFunctionFactory.Create(() => 1, "act")] };
        FakeClient member = FakeClient.Says("x");
        UnsupportedOptionException? error = await Assert.ThrowsAsync<UnsupportedOptionException>(() => Panel(new PanelOptions(), member).AskAsync(streaming, options: options));
        Assert.That(error!.Message, Does.Contain("AllowTools"));
        Assert.That(member.Calls, Is.Empty);
        _ = await Panel(new PanelOptions { AllowTools = true }, member).AskAsync(streaming, options: options);
        Assert.That(member.Calls.Single().Options!.Tools, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task ConversationIdAndUnvotableJson_AreRefused([Values] bool streaming)
    {
        PanelChatClient panel = Panel(new PanelOptions(), FakeClient.Says("x"));
        foreach (ChatOptions options in new ChatOptions[] { new() { ConversationId = "c" }, new() { ResponseFormat = ChatResponseFormat.Json } })
        {
            Assert.That(await Assert.ThrowsAsync<UnsupportedOptionException>(() => panel.AskAsync(streaming, options: options)), Is.Not.Null);
        }
    }

    [Test]
    public async Task Choices_ReachMembersAsAnEnumSchema_AndTheAnswerIsTheChoice([Values] bool streaming)
    {
        FakeClient local = FakeClient.Says("\"billing\""), hosted = FakeClient.Says("The team is Billing.");
        ChatResponse response = await Panel(new PanelOptions { Choices = ["billing", "account"] }, local, hosted).AskAsync(streaming);
        JsonElement schema = ((ChatResponseFormatJson)local.Calls[0].Options!.ResponseFormat!).Schema!.Value;
        Assert.Multiple(() =>
        {
            Assert.That(response.Text, Is.EqualTo("billing"));
            Assert.That(response.GetVote()!.Agreement, Is.EqualTo(1));
            Assert.That(schema.GetProperty("enum").EnumerateArray().Select(e => e.GetString()), Is.EqualTo(new[] { "billing", "account" }));
        });
    }

    [Test]
    public async Task Choices_OfTheRequest_ReplaceThoseOfThePanel([Values] bool streaming)
    {
        PanelChatClient panel = Panel(new PanelOptions { Choices = ["a", "b"] }, FakeClient.Says("yes"));
        ChatResponse response = await panel.AskAsync(streaming, options: new ChatOptions().WithEnsemble(r => r with { Choices = ["yes", "no"] }));
        Assert.That(response.GetVote()!.Winner, Is.EqualTo("yes"));
    }

    [Test]
    public async Task EnumSchemaOfTheCaller_SetsTheChoices_AndTheAnswerStaysJson([Values] bool streaming)
    {
        using JsonDocument schema = JsonDocument.Parse("""{"type":"object","properties":{"data":{"enum":["Up","Down"]}},"required":["data"]}""");
        ChatOptions options = new() { ResponseFormat = ChatResponseFormat.ForJsonSchema(schema.RootElement.Clone()) };
        ChatResponse response = await Panel(new PanelOptions(), FakeClient.Says("""{"data":"Up"}"""), FakeClient.Says("""{"data":"Up"}""")).AskAsync(streaming, options: options);
        Assert.That((response.Text, response.GetVote()!.Winner), Is.EqualTo(("""{"data":"Up"}""", "Up")));
    }

    [Test]
    public async Task Members_WorkAtTheSameTime([Values] bool streaming)
    {
        TaskCompletionSource firstAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        // The first voter answers only when the second has been asked.
        FakeClient first = FakeClient.SaysAfter(firstAsked.Task, "1");
        FakeClient second = new(_ =>
        {
            firstAsked.TrySetResult();
            return FakeClient.Pieces(null, ["1"]);
        });
        ChatResponse response = await Panel(new PanelOptions { Normalizer = BallotNormalizer.Number }, first, second).AskAsync(streaming);
        Assert.That(response.GetVote()!.Agreement, Is.EqualTo(1));
    }

    [Test]
    public async Task Streaming_ShowsBallotsAsTheyArrive_ThenTheAnswer_ThenTheReceipt()
    {
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        PanelChatClient panel = Panel(new PanelOptions { Normalizer = BallotNormalizer.Number }, FakeClient.SaysAfter(gate.Task, "7"), FakeClient.Says("7"));
        List<ChatResponseUpdate> updates = [];
        await foreach (ChatResponseUpdate update in panel.GetStreamingResponseAsync("6 + 1?"))
        {
            if (updates.Count == 0)
            {
                Assert.That(update.GetBallot()!.Voter, Is.EqualTo("m2"));
                gate.SetResult();
            }

            updates.Add(update);
        }

        ChatResponse whole = updates.ToChatResponse();
        Assert.Multiple(() =>
        {
            Assert.That(updates.Select(u => u.GetBallot()?.Voter), Is.EqualTo(new[] { "m2", "m1", null, null }));
            Assert.That(updates[2].Text, Is.EqualTo("7"));
            Assert.That((updates[3].MessageId, updates[3].Role, updates[3].GetReceipt()!.Kind), Is.EqualTo(((string?)null, (ChatRole?)null, "panel")));
            Assert.That(whole.Messages, Has.Count.EqualTo(1));
            Assert.That(whole.Messages[0].Contents, Has.Count.EqualTo(1));
        });
    }

    [Test]
    public async Task Usage_IsTheSumOfAllVoters([Values] bool streaming)
    {
        UsageDetails usage = new() { InputTokenCount = 10, OutputTokenCount = 2, CachedInputTokenCount = 4 };
        ChatResponse response = await Panel(new PanelOptions { Normalizer = BallotNormalizer.Number }, FakeClient.Says("1", usage), FakeClient.Says("1", usage)).AskAsync(streaming);
        Assert.Multiple(() =>
        {
            Assert.That((response.Usage!.InputTokenCount, response.Usage.OutputTokenCount), Is.EqualTo((20L, 4L)));
            Assert.That((response.GetReceipt()!.InputTokens, response.GetReceipt()!.CachedInputTokens), Is.EqualTo((20L, 8L)));
        });
    }

    [Test]
    public async Task CallersCancellation_StopsEveryMember([Values] bool streaming)
    {
        using CancellationTokenSource caller = new();
        TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        FakeClient quick = FakeClient.Says("1"), slow = FakeClient.Hangs(entered);
        Task<ChatResponse> asking = Panel(new PanelOptions { Normalizer = BallotNormalizer.Number }, quick, slow).AskAsync(streaming, cancellationToken: caller.Token);
        await entered.Task;
        await caller.CancelAsync();
        OperationCanceledException? error = await Assert.CatchAsync<OperationCanceledException>(() => asking);
        Assert.Multiple(() =>
        {
            Assert.That(error!.CancellationToken, Is.EqualTo(caller.Token));
            Assert.That(slow.OpenStreams, Is.Zero);
        });
    }

    [Test]
    public async Task Streaming_CallerLeaves_MembersAreStopped_AndTheReceiptGoesToTheSink()
    {
        TaskCompletionSource<Receipt> received = new(TaskCreationOptions.RunContinuationsAsynchronously);
        FakeClient slow = FakeClient.Hangs();
        PanelChatClient panel = new("jury", [new("quick", FakeClient.Says("1")), new("slow", slow)], null, new EnsembleRuntime { ReceiptSink = new Sink(received), TimeProvider = new FakeTimeProvider() });
        await foreach (ChatResponseUpdate update in panel.GetStreamingResponseAsync("?"))
        {
            Assert.That(update.GetBallot()!.Voter, Is.EqualTo("quick"));
            break;
        }

        Receipt receipt = await received.Task;
        Assert.Multiple(() =>
        {
            Assert.That(slow.OpenStreams, Is.Zero);
            Assert.That(receipt.Attempts.Select(a => a.Outcome), Is.EqualTo(new[] { AttemptOutcome.Answered, AttemptOutcome.Cancelled }));
        });
    }

    [Test]
    public async Task VariationsOfOneModel_AreNumbered_AndCountTheirSeedsUp([Values] bool streaming)
    {
        FakeClient model = FakeClient.Says("1");
        IReadOnlyList<Member> members = Member.Create([new MemberOptions { Model = "local", Count = 3, Seed = 10 }, new MemberOptions { Model = "local" }], _ => model);
        _ = await new PanelChatClient("jury", members, new PanelOptions { Normalizer = BallotNormalizer.Number }).AskAsync(streaming, options: new ChatOptions { Seed = 5 });
        Assert.Multiple(() =>
        {
            Assert.That(members.Select(m => m.Name), Is.EqualTo(new[] { "local#1", "local#2", "local#3", "local#4" }));
            Assert.That(model.Calls.Select(c => c.Options!.Seed).Order(), Is.EqualTo(new long?[] { 5, 10, 11, 12 }));
        });
    }

    [Test]
    public async Task SystemPromptOfAVariation_StandsBeforeTheCallers_InOneMessage()
    {
        FakeClient model = FakeClient.Says("1");
        Member member = Member.Create([new MemberOptions { Model = "local", System = "Own." }], _ => model)[0];
        _ = await member.Client.GetResponseAsync([new(ChatRole.System, "Caller's."), new(ChatRole.User, "hi")]);
        Assert.That(model.Calls[0].Messages.Select(m => m.Text), Is.EqualTo(new[] { "Own.\n\nCaller's.", "hi" }));
    }

    [Test]
    public async Task VariationScoresConversationsInItsOwnWay_AndPlainTextAsItIs()
    {
        FakeScorer scorer = new(_ => [-1, -2]);
        Member member = Member.Create([new MemberOptions { Model = "local", System = "Own." }], _ => FakeClient.Says("x").With<IContinuationScorer>(scorer))[0];
        IContinuationScorer own = member.Client.GetService<IContinuationScorer>()!;
        _ = await own.ScoreAsync(ScoringRequest.ForMessages([new(ChatRole.User, "hi")], ["a", "b"], tenant: "acme"));
        _ = await own.ScoreAsync(ScoringRequest.ForText("p", "q", ["a", "b"]));
        Assert.Multiple(() =>
        {
            Assert.That(scorer.Requests[0].Messages!.Select(m => m.Text), Is.EqualTo(new[] { "Own.", "hi" }));
            Assert.That(scorer.Requests[0].Tenant, Is.EqualTo("acme"));
            Assert.That(scorer.Requests[1].Prefix, Is.EqualTo("p"));
        });
    }

    [Test]
    public async Task SettledVote_StopsTheOthers_AndSaysSo([Values] bool streaming)
    {
        FakeClient slow = FakeClient.Hangs();
        ChatResponse response = await Panel(new PanelOptions { Normalizer = BallotNormalizer.Number }, FakeClient.Says("7"), FakeClient.Says("7"), slow).AskAsync(streaming);
        Assert.Multiple(() =>
        {
            Assert.That(response.Text, Is.EqualTo("7"));
            Assert.That(slow.OpenStreams, Is.Zero);
            Assert.That(response.GetReceipt()!.Attempts[2].Outcome, Is.EqualTo(AttemptOutcome.Cancelled));
            Assert.That(response.GetVote()!.Ballots[2].Failure, Is.EqualTo(FailureClass.Cancelled));
            Assert.That(response.GetReceipt()!.Degraded, Is.False);
        });
    }

    [Test]
    public void CallerWhoCancels_IsNotHeldByAVoterThatIgnoresItsToken([Values] bool streaming)
    {
        VirtualTime time = new();
        TaskCompletionSource gate = new();
        using CancellationTokenSource caller = new(TimeSpan.FromSeconds(5), time);
        PanelChatClient panel = new("jury", [new("a", FakeClient.Says("7")), new("deaf", new FakeClient(_ => Deaf(gate.Task)))],
            new PanelOptions { Normalizer = BallotNormalizer.Number }, new EnsembleRuntime { TimeProvider = time });
        Assert.That(() => time.Run(() => panel.AskAsync(streaming, cancellationToken: caller.Token)),
            Throws.InstanceOf<OperationCanceledException>().With.Property(nameof(OperationCanceledException.CancellationToken)).EqualTo(caller.Token));
        Assert.That(time.Elapsed, Is.LessThanOrEqualTo(TimeSpan.FromSeconds(5) + AttemptStop.Grace));
        gate.SetResult();
    }

    [Test]
    public async Task VoterThatIgnoresItsToken_HoldsNobodyUp_AndIsBookedLaterExactlyOnce()
    {
        GraceClock time = new();
        Ledger ledger = new(new MemoryLedgerStore(), [new Budget("all", 1m)], time);
        TaskCompletionSource<Receipt> late = new(TaskCreationOptions.RunContinuationsAsynchronously);
        EnsembleRuntime runtime = new() { TimeProvider = time, Ledger = ledger, ReceiptSink = new Sink(late) };
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Price price = new() { InputPerMillion = 1_000, OutputPerMillion = 1_000 };
        PanelChatClient panel = new("jury", [new("a", FakeClient.Says("7")), new("b", FakeClient.Says("7")), new("deaf", new FakeClient(_ => DeafWithUsage(gate.Task)).AsModel("deaf", price, runtime))],
            new PanelOptions { Normalizer = BallotNormalizer.Number }, runtime);
        Task<ChatResponse> asking = panel.AskAsync(streaming: false, options: new ChatOptions { MaxOutputTokens = 50 });
        await time.GraceBegun;
        time.Advance(GraceClock.Grace);
        Attempt shown = (await asking).GetReceipt()!.Attempts[2];
        IReadOnlyList<UsageLine> before = await ledger.GetUsageAsync(new UsageQuery());
        gate.SetResult();
        Attempt reported = (await late.Task).Attempts.Single();
        UsageLine booked = (await ledger.GetUsageAsync(new UsageQuery { By = UsageGrouping.Model })).Single();
        Assert.Multiple(() =>
        {
            Assert.That((shown.Outcome, shown.InputTokens), Is.EqualTo((AttemptOutcome.Cancelled, (long?)null)));
            Assert.That(before, Is.Empty);
            Assert.That((reported.Member, reported.InputTokens, reported.CostUsd), Is.EqualTo(("deaf", (long?)10, (decimal?)0.012m)));
            Assert.That((booked.Key, booked.Calls, booked.CostUsd), Is.EqualTo(("deaf", 1L, 0.012m)), "10 tokens in and 2 out at a thousandth of a dollar, once");
        });
    }

    [Test]
    public async Task Deadline_CountsWhatHasArrived_MarkedDegraded([Values] bool streaming)
    {
        FakeTimeProvider time = new();
        TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        PanelChatClient panel = new("jury", [new("a", FakeClient.Says("7")), new("slow", FakeClient.Hangs(entered)), new("slower", FakeClient.Hangs())],
            new PanelOptions { Normalizer = BallotNormalizer.Number, Deadline = TimeSpan.FromSeconds(1) }, new EnsembleRuntime { TimeProvider = time });
        Task<ChatResponse> asking = panel.AskAsync(streaming);
        await entered.Task;
        time.Advance(TimeSpan.FromSeconds(1));
        ChatResponse response = await asking;
        Assert.Multiple(() =>
        {
            Assert.That(response.Text, Is.EqualTo("7"));
            Assert.That(response.GetReceipt()!.Degraded, Is.True);
            Assert.That(response.GetVote()!.Ballots.Select(b => b.Failure), Is.EqualTo(new FailureClass?[] { null, FailureClass.Timeout, FailureClass.Timeout }));
        });
    }

    [Test]
    public async Task Deadline_StopsTheJudgeToo_AndTheVoteStands([Values] bool streaming, [Values] bool hangs)
    {
        FakeTimeProvider time = new();
        TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        PanelChatClient panel = new("jury", [new("a", FakeClient.Says("1")), new("b", FakeClient.Says("2")), new("judge", hangs ? FakeClient.Hangs(entered) : FakeClient.Says("B"))],
            new PanelOptions { Normalizer = BallotNormalizer.Number, Judge = "judge", Deadline = TimeSpan.FromSeconds(1) }, new EnsembleRuntime { TimeProvider = time });
        Task<ChatResponse> asking = panel.AskAsync(streaming);
        if (hangs)
        {
            await entered.Task;
            time.Advance(TimeSpan.FromSeconds(1));
        }

        ChatResponse response = await asking;
        Receipt receipt = response.GetReceipt()!;
        Assert.Multiple(() =>
        {
            Assert.That((response.Text, response.GetVote()!.TieBrokenBy), Is.EqualTo(hangs ? ("1", (string?)null) : ("2", "judge")));
            Assert.That((receipt.Degraded, receipt.Attempts[^1].Failure), Is.EqualTo(hangs ? (true, (FailureClass?)FailureClass.Timeout) : (false, null)));
            Assert.That(receipt.Notes[^1], Is.EqualTo(hangs ? "The deadline stopped judge before it had broken the tie; the vote stands." : "judge broke the tie."));
        });
    }

    [Test]
    public async Task AnswerThatWasCutOff_IsNoBallot([Values] bool streaming)
    {
        PanelChatClient panel = Panel(new PanelOptions { Normalizer = BallotNormalizer.Number }, CutOff("The total is 1"), CutOff("The total is 1"), FakeClient.Says("12"));
        ChatResponse response = await panel.AskAsync(streaming);
        Vote vote = response.GetVote()!;
        Assert.Multiple(() =>
        {
            Assert.That((response.Text, vote.Outcome, vote.Winner), Is.EqualTo(("12", VoteOutcome.Decided, "12")));
            Assert.That(vote.Ballots.Select(ballot => (ballot.Choice, ballot.Failure)), Is.EqualTo(new (string?, FailureClass?)[] { (null, FailureClass.OutputLimit), (null, FailureClass.OutputLimit), ("12", null) }));
            Assert.That(vote.Ballots[0].Text, Is.EqualTo("The total is 1"));
            Assert.That(response.GetReceipt()!.Notes[0], Is.EqualTo("m1: the answer was cut off at its output limit; it is no ballot."));
        });
    }

    [Test]
    public async Task AnswersThatWereAllCutOff_DecideNothing([Values] bool streaming)
    {
        ChatResponse response = await Panel(new PanelOptions { Normalizer = BallotNormalizer.Number }, CutOff("1"), CutOff("1")).AskAsync(streaming);
        Assert.That((response.Text, response.FinishReason, response.GetVote()!.Outcome, response.GetVote()!.Winner), Is.EqualTo(("1", (ChatFinishReason?)ChatFinishReason.Length, VoteOutcome.NoAgreement, (string?)null)));
    }

    [Test]
    public async Task VotersWithoutWeight_DecideNothing_WhoeverIsFirst([Values] bool streaming, [Values] bool reversed)
    {
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously), asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        FakeClient late = new(call =>
        {
            asked.TrySetResult();
            return FakeClient.SaysAfter(gate.Task, reversed ? "5" : "6").GetStreamingResponseAsync(call.Messages, call.Options, call.CancellationToken);
        });
        PanelOptions options = new() { Normalizer = BallotNormalizer.Number, Weights = new Dictionary<string, double> { ["m1"] = 0, ["m2"] = 0 } };
        Task<ChatResponse> asking = Panel(options, reversed ? [late, FakeClient.Says("6")] : [FakeClient.Says("5"), late]).AskAsync(streaming);
        await asked.Task;
        gate.SetResult();
        ChatResponse response = await asking;
        Assert.That((response.Text, response.GetVote()!.Outcome, response.GetVote()!.Agreement), Is.EqualTo(("5", VoteOutcome.NoAgreement, 0.0)));
        Assert.That(response.GetVote()!.Ballots.Select(ballot => ballot.Choice), Is.EqualTo(new[] { "5", "6" }));
    }

    [Test]
    public async Task Deadline_BeforeAnyBallot_IsATypedError([Values] bool streaming)
    {
        FakeTimeProvider time = new();
        TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        PanelChatClient panel = new("jury", [new("slow", FakeClient.Hangs(entered))], new PanelOptions { Deadline = TimeSpan.FromSeconds(1) }, new EnsembleRuntime { TimeProvider = time });
        Task<ChatResponse> asking = panel.AskAsync(streaming);
        await entered.Task;
        time.Advance(TimeSpan.FromSeconds(1));
        DeadlineExceededException? error = await Assert.ThrowsAsync<DeadlineExceededException>(() => asking);
        Assert.That(error!.Attempts.Single().Failure, Is.EqualTo(FailureClass.Timeout));
    }

    [Test]
    public async Task Clones_CountTogetherAsOne([Values] bool streaming)
    {
        FakeClient loud = FakeClient.Says("1");
        IReadOnlyList<Member> members = Member.Create([new MemberOptions { Model = "loud", Count = 3, Temperature = 0 }, new MemberOptions { Model = "x" }, new MemberOptions { Model = "y" }],
            name => name == "loud" ? loud : FakeClient.Says("2"));
        ChatResponse response = await new PanelChatClient("jury", members, new PanelOptions { Normalizer = BallotNormalizer.Number }).AskAsync(streaming);
        Assert.That(response.GetVote()!.Counts, Is.EqualTo(new[] { KeyValuePair.Create("2", 2.0), KeyValuePair.Create("1", 1.0) }));
    }

    [Test]
    public async Task Weights_AreThoseOfTheVoters([Values] bool streaming)
    {
        PanelOptions options = new() { Normalizer = BallotNormalizer.Number, Weights = new Dictionary<string, double> { ["m1"] = 2.5, ["m3"] = 0 } };
        ChatResponse response = await Panel(options, FakeClient.Says("1"), FakeClient.Says("2"), FakeClient.Says("2")).AskAsync(streaming);
        Assert.That((response.Text, response.GetVote()!.Outcome), Is.EqualTo(("1", VoteOutcome.Decided)));
    }

    [Test]
    public async Task Weights_AreFoundInAnyCase_ANameThatIsNoVotersIsRefused([Values] bool streaming)
    {
        PanelOptions Weighted(string name) => new() { Normalizer = BallotNormalizer.Number, Weights = new Dictionary<string, double> { [name] = 2.5 } };
        ChatResponse response = await Panel(Weighted("M1"), FakeClient.Says("1"), FakeClient.Says("2"), FakeClient.Says("2")).AskAsync(streaming);
        Assert.That(response.Text, Is.EqualTo("1"));
        Assert.That(() => Panel(Weighted("m11"), FakeClient.Says("1"), FakeClient.Says("2")), Throws.ArgumentException.With.Message.Contains("Weights: 'm11' is no voter. Did you mean 'm1'? Name one of m1, m2."));
        Assert.That(
            () => Panel(new PanelOptions { Weights = new Dictionary<string, double> { ["m1"] = 1, ["M1"] = 2 } }, FakeClient.Says("1")),
            Throws.ArgumentException.With.Message.Contains("'M1' is there twice"));
    }

    [TestCase("B", "2", "judge")]
    [TestCase("I like both", "1", null)]
    [TestCase("A) 1\nB) 2", "1", null)]
    [TestCase("A) 1\nB) 2\n\nB fits better.", "2", "judge")]
    public async Task Judge_BreaksATie_OrTheVoteStands(string verdict, string text, string? judge)
    {
        foreach (bool streaming in new[] { false, true })
        {
            FakeClient arbiter = FakeClient.Says(verdict);
            PanelChatClient panel = new("jury", [new("a", FakeClient.Says("1")), new("b", FakeClient.Says("2")), new("judge", arbiter)], new PanelOptions { Normalizer = BallotNormalizer.Number, Judge = "judge" });
            ChatResponse response = await panel.AskAsync(streaming);
            Assert.Multiple(() =>
            {
                Assert.That((response.Text, response.GetVote()!.TieBrokenBy), Is.EqualTo((text, judge)));
                Assert.That(response.GetVote()!.Ballots, Has.Count.EqualTo(2));
                Assert.That(response.GetReceipt()!.Attempts.Select(a => a.Member), Is.EqualTo(new[] { "a", "b", "judge" }));
            });
        }
    }

    [Test]
    public async Task Judge_ThatFails_OrIsNotNeeded_ChangesNothing([Values] bool streaming)
    {
        FakeClient dead = FakeClient.Throws(new IOException());
        PanelOptions options = new() { Normalizer = BallotNormalizer.Number, Judge = "judge" };
        ChatResponse tie = await new PanelChatClient("jury", [new("a", FakeClient.Says("1")), new("b", FakeClient.Says("2")), new("judge", dead)], options).AskAsync(streaming);
        ChatResponse clear = await new PanelChatClient("jury", [new("a", FakeClient.Says("1")), new("judge", FakeClient.Throws(new IOException()))], options).AskAsync(streaming);
        Assert.Multiple(() =>
        {
            Assert.That((tie.Text, tie.GetVote()!.TieBrokenBy), Is.EqualTo(("1", (string?)null)));
            Assert.That(clear.GetReceipt()!.Attempts, Has.Count.EqualTo(1));
            Assert.That(() => new PanelChatClient("jury", [new("a", dead)], options), Throws.ArgumentException);
        });
    }

    [Test]
    public async Task NumberThatNobodySaid_IsThePanelsOwnAnswer([Values] bool streaming)
    {
        ChatResponse response = await Panel(new PanelOptions { Normalizer = BallotNormalizer.Number, Rule = VoteRule.Mean }, FakeClient.Says("about 1"), FakeClient.Says("2")).AskAsync(streaming);
        Assert.That((response.Text, response.GetReceipt()!.AnsweredBy, response.GetVote()!.Spread), Is.EqualTo(("1.5", (string?)null, (double?)0.5)));
    }

    [Test]
    public async Task Probabilities_AreAskedOfMembersThatScore([Values] bool streaming)
    {
        FakeClient scorer = FakeClient.Says("never asked").With<IContinuationScorer>(new FakeScorer(_ => [Math.Log(0.2), Math.Log(0.8)]));
        PanelOptions options = new()
        {
            Choices = ["yes", "no"],
            Rule = VoteRule.MeanProbability,
            Calibrations = new Dictionary<string, ChoiceCalibration> { ["m1"] = new(1, [Math.Log(16), 0]) },
        };
        ChatResponse response = await Panel(options, scorer).AskAsync(streaming);
        Assert.Multiple(() =>
        {
            // Odds of 1 to 4, times 16.
            Assert.That(response.Text, Is.EqualTo("yes"));
            Assert.That(response.GetVote()!.Agreement, Is.EqualTo(0.8).Within(1e-9));
            Assert.That(scorer.Calls, Is.Empty);
        });
    }

    private static FakeClient CutOff(string text) => FakeClient.Sends(new ChatResponseUpdate(ChatRole.Assistant, text) { FinishReason = ChatFinishReason.Length });

    private static async IAsyncEnumerable<ChatResponseUpdate> Deaf(Task gate)
    {
        await gate;
        yield return new ChatResponseUpdate(ChatRole.Assistant, "8") { FinishReason = ChatFinishReason.Stop };
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> DeafWithUsage(Task gate)
    {
        await gate;
        yield return new ChatResponseUpdate(ChatRole.Assistant, "8") { FinishReason = ChatFinishReason.Stop };
        yield return new ChatResponseUpdate { Contents = [new UsageContent(new UsageDetails { InputTokenCount = 10, OutputTokenCount = 2 })] };
    }

    // The clock stands still: on a busy machine a member that obeys its token may take longer to stop than the panel's real grace.
    private static PanelChatClient Panel(PanelOptions options, params FakeClient[] members) =>
        new("jury", members.Select((client, i) => new Member($"m{i + 1}", client)), options, new EnsembleRuntime { TimeProvider = new FakeTimeProvider() });

    // Says when the panel has begun to wait for those it stopped, so that the clock is moved then and not before.
    private sealed class GraceClock : FakeTimeProvider
    {
        public static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(250);

        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task GraceBegun => _begun.Task;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            ITimer timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime == Grace)
            {
                _begun.TrySetResult();
            }

            return timer;
        }
    }

    private sealed class Sink(TaskCompletionSource<Receipt> received) : IReceiptSink
    {
        public void Accept(Receipt receipt) => received.TrySetResult(receipt);
    }
}
