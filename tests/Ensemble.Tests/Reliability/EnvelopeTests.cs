using Ensemble.Testing;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests.Reliability;

/// <summary>The turns of a tool loop are one request.</summary>
public class EnvelopeTests
{
    [Test]
    public void ToolTurns_ShareOneReceipt_AndTheirCostsAreSummed([Values] bool streaming)
    {
        Loop loop = new(AnswerScript.Text("It is noon."));
        ChatResponse response = loop.Ask(streaming, r => r);
        Receipt receipt = response.GetReceipt()!;
        Assert.Multiple(() =>
        {
            Assert.That(response.Text, Does.Contain("It is noon."));
            Assert.That(receipt.Attempts.Select(turn => turn.Receipt!.AnsweredBy), Is.EqualTo(new[] { "a", "a" }));
            Assert.That(receipt.CostUsd, Is.EqualTo(receipt.Attempts.Sum(turn => turn.CostUsd)).And.GreaterThan(0));
        });
    }

    [Test]
    public void Deadline_HoldsForAllTurnsTogether([Values] bool streaming)
    {
        Loop loop = new(AnswerScript.Hang());
        Assert.That(() => loop.Ask(streaming, r => r with { TimeLimit = TimeSpan.FromSeconds(5) }), Throws.TypeOf<DeadlineExceededException>());
        Assert.That(loop.Time.Elapsed, Is.EqualTo(TimeSpan.FromSeconds(5)));
        Assert.That(loop.Member, CountersAre.Quiet);
    }

    [Test]
    public void Money_IsOnePurseForAllTurns([Values] bool streaming)
    {
        Loop loop = new(AnswerScript.Text("It is noon."));
        Assert.That(
            () => loop.Ask(streaming, r => r with { MaxUsd = 0.0012m }), Throws.TypeOf<BudgetExceededException>());
        Assert.That(loop.Member.Counters.Calls, Is.EqualTo(1));
    }

    [Test]
    public void Attempts_AreCountedOverAllTurns([Values] bool streaming, [Values] bool routed)
    {
        Loop loop = new(AnswerScript.Text("It is noon."), routed);
        Assert.That(() => loop.Ask(streaming, r => r with { MaxAttempts = 1 }), Throws.TypeOf<AllMembersFailedException>().With.Message.Contains("no attempt is left"));
        Assert.That(loop.Member.Counters.Calls, Is.EqualTo(1));
        Loop enough = new(AnswerScript.Text("It is noon."), routed);
        Assert.That(enough.Ask(streaming, r => r with { MaxAttempts = 2 }).Text, Is.EqualTo("It is noon."));
    }

    [Test]
    public void AttemptThatIsGivenBack_IsThereAgain_HoweverManyWereRefusedMeanwhile([Values] bool within)
    {
        Envelope whole = Envelope.Start(new EnsembleRequest { MaxAttempts = 1 }, null, TimeProvider.System, null);
        Envelope part = within ? whole.Within(null, maxAttempts: 1) : whole;
        Assert.That(whole.TryTakeAttempt(), Is.True);
        Assert.That((part.TryTakeAttempt(), whole.TryTakeAttempt()), Is.EqualTo((false, false)));
        whole.GiveAttemptBack();
        Assert.That((part.TryTakeAttempt(), part.TryTakeAttempt()), Is.EqualTo((true, false)));
    }

    [Test]
    public void FirstTurnOfAMember_IsTheAttemptThatItsRouterCounts([Values(1, 2, 3)] int attempts, [Values] bool streaming, [Values] bool ofTheRoute)
    {
        VirtualTime time = new();
        EnsembleRuntime runtime = new() { TimeProvider = time };
        ScriptedMember member = new ScriptedMember("a", time).Next(AnswerScript.Text("Yes.")).Next(AnswerScript.ToolCall("1", "clock")).Always(AnswerScript.Text("It is noon."));
        IChatClient part = member.AsModel("a", runtime: runtime).AsBuilder().UseEnsembleRequest(time).UseFunctionInvocation().Build();
        RouterChatClient router = new("main", [new Member("a", part)], new RouterOptions { MaxAttempts = ofTheRoute ? attempts : null }, runtime);
        ChatOptions options = new ChatOptions { Tools = [AIFunctionFactory.Create(() => 12, "clock")] }.WithEnsemble(request => request with { MaxAttempts = ofTheRoute ? null : attempts });
        Assert.That(time.Run(() => router.AskAsync(streaming, options: options)).Text, Is.EqualTo("Yes."));
        Exception? error = null;
        try
        {
            _ = time.Run(() => router.AskAsync(streaming, options: options));
        }
        catch (EnsembleException refused)
        {
            error = refused;
        }

        Assert.That((error is null, member.Counters.Calls), Is.EqualTo((attempts > 1, attempts > 1 ? 3 : 2)), "a further turn is a further attempt");
    }

    [Test]
    public void BallotsWithTurnsOfTheirOwn_TakeNoAttempts([Values] bool streaming)
    {
        VirtualTime time = new();
        EnsembleRuntime runtime = new() { TimeProvider = time };
        Member[] members = [.. Enumerable.Range(0, 3).Select(i => new Member($"v{i}", new ScriptedMember($"v{i}", time).Always(AnswerScript.Text("yes")).AsModel($"v{i}", runtime: runtime).AsBuilder().UseEnsembleRequest(time).Build()))];
        PanelChatClient panel = new("panel", members, null, runtime);
        ChatResponse response = time.Run(() => panel.AskAsync(streaming, options: new ChatOptions().WithEnsemble(request => request with { MaxAttempts = 1 })));
        Assert.That(response.GetReceipt()!.Attempts.Select(ballot => ballot.Outcome), Is.All.EqualTo(AttemptOutcome.Answered));
    }

    private sealed class Loop
    {
        private readonly IChatClient _client;

        public Loop(AnswerScript second, bool routed = true)
        {
            Member = new ScriptedMember("a", Time).Next(AnswerScript.ToolCall("1", "clock").ReportingUsage(20, 100)).Always(second);
            EnsembleRuntime runtime = new() { TimeProvider = Time };
            Price price = new() { InputPerMillion = 1m, OutputPerMillion = 10m };
            IChatClient model = Member.AsModel("a", price, runtime);
            IChatClient inner = routed ? new RouterChatClient("main", [new Member("a", model)], null, runtime) : model;
            _client = inner.AsBuilder().UseEnsembleRequest(Time).UseFunctionInvocation().Build();
        }

        public VirtualTime Time { get; } = new();

        public ScriptedMember Member { get; }

        public ChatResponse Ask(bool streaming, Func<EnsembleRequest, EnsembleRequest> change)
        {
            ChatOptions options = new() { Tools = [AIFunctionFactory.Create(() => 12, "clock")], MaxOutputTokens = 100 };
            return Time.Run(() => _client.AskAsync(streaming, options: options.WithEnsemble(change)));
        }
    }
}
