using Ensemble.Testing;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests.Reliability;

/// <summary>A ledger that fails is nobody's fault but its own: good answers reach the caller, and members stay in use.</summary>
public class BrokenLedgerTests
{
    private static readonly AnswerScript Good = AnswerScript.Text("good ", "answer").ReportingUsage(1000, 1000);

    [Test]
    public void LedgerThatCannotBook_LosesNoAnswer_AsksNobodyElse_AndTheReserveIsBookedWhenItExpires([Values] bool streaming)
    {
        Office office = new(Good);
        office.Store.Fails = "settle";
        ChatResponse response = office.Ask(streaming);
        Attempt attempt = response.GetReceipt()!.Attempts.Single();
        Assert.Multiple(() =>
        {
            Assert.That(response.Text, Is.EqualTo("good answer"));
            Assert.That((attempt.Outcome, attempt.CostUsd), Is.EqualTo((AttemptOutcome.Answered, (decimal?)0.101m)));
            Assert.That(attempt.Note, Does.Contain("could not book"));
            Assert.That(office.Members[1], CountersAre.Untouched);
            Assert.That(office.SpentUsd, Is.Zero);
        });

        office.Store.Fails = null;
        office.Time.Advance(TimeSpan.FromHours(2));
        _ = office.Ask(streaming);
        Assert.That(office.SpentUsd, Is.InRange(0.4m, 0.5m), "the reserve of the first call and the cost of the second");
    }

    [Test]
    public void LedgerThatCannotRelease_IsNoFailureOfItsOwn([Values] bool streaming)
    {
        Office office = new(AnswerScript.Http(500));
        office.Store.Fails = "release";
        Assert.That(office.Ask(streaming), ReceiptIs.AnsweredBy("b"));
    }

    [Test]
    public void LedgerThatCannotReserve_IsATypedError_AndNoMemberIsBlamed([Values] bool streaming, [Values("reserve", "balance")] string what)
    {
        Office office = new(Good);
        for (int i = 0; i < 10; i++)
        {
            office.Store.Fails = what;
            LedgerException? error = Assert.Throws<LedgerException>(() => office.Ask(streaming, limited: what is "reserve"));
            Assert.That((error!.FailureClass, error.InnerException), Is.EqualTo((FailureClass.Ledger, (Exception)office.Store.Error)));
        }

        Assert.That(office.Members, Is.All.Matches<ScriptedMember>(member => member!.Counters.Calls == 0));
        office.Store.Fails = null;
        Assert.That(office.Ask(streaming), ReceiptIs.AnsweredBy("a"), "it is in use at once");
    }

    [Test]
    public void WhoeverDecides_MayFail_WithoutBlameForTheMember([Values] bool streaming)
    {
        Office office = new(Good, new Budget("tiny", 0.000001m) { Ask = (_, _) => throw new InvalidOperationException("nobody at the desk") });
        Assert.That(() => office.Ask(streaming), Throws.TypeOf<LedgerException>().With.Message.Contains("'tiny'").And.Message.Not.Contains("nobody at the desk"));
        Assert.That(office.Members[0], CountersAre.Untouched);
    }

    private sealed class Office
    {
        public Office(AnswerScript script, Budget? budget = null)
        {
            Price price = new() { InputPerMillion = 1m, OutputPerMillion = 100m };
            EnsembleRuntime runtime = new() { TimeProvider = Time, Ledger = new Ledger(Store, [budget ?? new Budget("daily", 1m) { Per = BudgetPeriod.Day }], Time) };
            Members = [new ScriptedMember("a", Time).Always(script), new ScriptedMember("b", Time).Always(Good)];
            Router = new RouterChatClient("main", Members.Select(member => new Member(member.Name, member.AsModel(member.Name, price, runtime))), null, runtime);
        }

        public VirtualTime Time { get; } = new();

        public FailingStore Store { get; } = new();

        public ScriptedMember[] Members { get; }

        public RouterChatClient Router { get; }

        public decimal SpentUsd => Store.GetUsageAsync(new UsageQuery(), default).AsTask().GetAwaiter().GetResult().Sum(line => line.CostUsd);

        public ChatResponse Ask(bool streaming, bool limited = true) => Time.Run(() => Router.AskAsync(streaming, options: limited ? new ChatOptions { MaxOutputTokens = 3000 } : null));
    }

    private sealed class FailingStore : ILedgerStore
    {
        private readonly MemoryLedgerStore _inner = new();

        public IOException Error { get; } = new("database is locked");

        public string? Fails { get; set; }

        public ValueTask<ReserveOutcome> ReserveAsync(LedgerReservation reservation, CancellationToken cancellationToken) => Fails == "reserve" ? throw Error : _inner.ReserveAsync(reservation, cancellationToken);

        public ValueTask<SettleOutcome> SettleAsync(LedgerSettlement settlement, CancellationToken cancellationToken) => Fails == "settle" ? throw Error : _inner.SettleAsync(settlement, cancellationToken);

        public ValueTask<SettleOutcome> ReleaseAsync(Guid id, CancellationToken cancellationToken) => Fails == "release" ? throw Error : _inner.ReleaseAsync(id, cancellationToken);

        public ValueTask<LedgerBalance> GetBalanceAsync(LedgerAccount account, CancellationToken cancellationToken) => Fails == "balance" ? throw Error : _inner.GetBalanceAsync(account, cancellationToken);

        public ValueTask<IReadOnlyList<UsageLine>> GetUsageAsync(UsageQuery query, CancellationToken cancellationToken) => _inner.GetUsageAsync(query, cancellationToken);
    }
}
