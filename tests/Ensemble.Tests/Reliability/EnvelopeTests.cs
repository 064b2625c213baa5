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
