using Microsoft.Extensions.AI;

namespace Ensemble.Testing.Tests;

/// <summary>The worked examples of docs/testing.md.</summary>
public class TestingSnippets
{
    #region snippet testing-failover
    [Test]
    public void ADyingProvider_IsReplacedBeforeTheUserSeesAnything()
    {
        VirtualTime time = new();
        using ScriptedMember mini = new ScriptedMember("mini", time).Always(AnswerScript.Text("Par", "is").RoleFirst().FailAfter(0));
        using ScriptedMember large = new ScriptedMember("large", time).Always(AnswerScript.Text("Par", "is").After(TimeSpan.FromSeconds(2)));
        using RouterChatClient router = new("support", [new Member("mini", mini), new Member("large", large)]);

        ChatResponse response = time.Run(() => router.GetStreamingResponseAsync("The capital of France?").ToChatResponseAsync());

        Assert.That(response.Text, Is.EqualTo("Paris"));
        Assert.That(response, ReceiptIs.AnsweredBy("large"));
        Assert.That(response, ReceiptIs.AskedInOrder("mini", "large"));
        Assert.That(mini, CountersAre.Quiet);
    }
    #endregion

    #region snippet testing-caller-left
    [Test]
    public void WhenTheCallerLeaves_NothingStartsAnyMore()
    {
        VirtualTime time = new();
        using ScriptedMember slow = new ScriptedMember("slow", time).Always(AnswerScript.Hang());
        using ScriptedMember spare = new ScriptedMember("spare", time).Always(AnswerScript.Text("too late"));
        using RouterChatClient router = new("support", [new Member("slow", slow), new Member("spare", spare)]);
        using CancellationTokenSource caller = new(TimeSpan.FromSeconds(5), time);

        Assert.That(() => time.Run(() => router.GetResponseAsync("Anyone there?", cancellationToken: caller.Token)),
            Throws.InstanceOf<OperationCanceledException>());

        Assert.That(time.Elapsed, Is.EqualTo(TimeSpan.FromSeconds(5)));
        Assert.That(slow, CountersAre.Quiet);
        Assert.That(spare, CountersAre.Untouched);
    }
    #endregion

    #region snippet testing-budget
    [Test]
    public async Task ALyingProvider_IsBookedInFullAndStopsTheNextCall()
    {
        MemoryLedgerStore store = new();
        Budget daily = new("daily", 0.01m) { Per = BudgetPeriod.Day };
        Ledger ledger = new(store, [daily], new VirtualTime());
        Price price = new() { InputPerMillion = 1m, OutputPerMillion = 4m };
        using ScriptedMember mini = new ScriptedMember("mini").Always(AnswerScript.Text("Yes.").ReportingUsage(inputTokens: 900, outputTokens: 5000));

        Booking booking = await ledger.ReserveAsync(new SpendContext(), "mini", CostBounds.UpperUsd(price, 1000, 100)!.Value, TimeSpan.FromMinutes(1));
        UsageDetails usage = (await mini.GetResponseAsync("Brief, please.")).Usage!;
        SettleOutcome outcome = await ledger.SettleAsync(
            booking, price.CostUsd(usage.InputTokenCount!.Value, usage.OutputTokenCount!.Value), usage.InputTokenCount.Value, usage.OutputTokenCount.Value);

        Assert.That(outcome, Is.EqualTo(SettleOutcome.OverReserve));
        Assert.That(await store.GetBalanceAsync(new LedgerAccount("daily", "", 20260101, 0), default), LedgerIs.Spent(0.0209m));
        Assert.That(async () => await ledger.ReserveAsync(new SpendContext(), "mini", 0.000001m, TimeSpan.FromMinutes(1)),
            Throws.TypeOf<BudgetExceededException>().With.Property(nameof(BudgetExceededException.Budget)).EqualTo("daily"));
    }
    #endregion
}
