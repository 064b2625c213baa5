using CsCheck;
using Ensemble.Testing;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests.Reliability;

/// <summary>Money through the router: reserved before each call, settled exactly once in every path.</summary>
public class MoneyTests
{
    private static readonly Price Dear = new() { InputPerMillion = 1m, OutputPerMillion = 10m };
    private static readonly AnswerScript Good = AnswerScript.Text("one ", "two").ReportingUsage(100, 50);

    private static IEnumerable<TestCaseData> Ends()
    {
        yield return new TestCaseData(Good, 0.0006m).SetArgDisplayNames("Answered");
        yield return new TestCaseData(AnswerScript.Http(500), 0m).SetArgDisplayNames("Refused");
        yield return new TestCaseData(AnswerScript.RateLimited(TimeSpan.FromMinutes(5)), 0m).SetArgDisplayNames("RateLimited");
        yield return new TestCaseData(Good.CutAfter(1), null).SetArgDisplayNames("Cut");
        yield return new TestCaseData(Good.FailAfter(1), null).SetArgDisplayNames("Broken");
        yield return new TestCaseData(AnswerScript.Hang(), null).SetArgDisplayNames("Hanging");
        yield return new TestCaseData(Good.HangAfter(1), null).SetArgDisplayNames("HangingInTheMiddle");
        yield return new TestCaseData(Good.WithoutUsage(), null).SetArgDisplayNames("WithoutReport");
        yield return new TestCaseData(AnswerScript.Empty(), null).SetArgDisplayNames("Empty");
    }

    [TestCaseSource(nameof(Ends))]
    public async Task EveryReserve_IsClosedHoweverTheCallEnds(AnswerScript script, decimal? spent)
    {
        foreach (bool streaming in new[] { false, true })
        {
            Till till = new(cap: 1m, script);
            Exception? error = till.Ask(streaming).Error;
            LedgerBalance balance = await till.BalanceAsync();
            Assert.Multiple(() =>
            {
                Assert.That(balance, LedgerIs.Settled);
                Assert.That(balance, LedgerIs.Within(1m));
                Assert.That(error, Is.Null.Or.InstanceOf<EnsembleException>());
                if (spent is { } exact)
                {
                    Assert.That(balance, LedgerIs.Spent(exact));
                }
            });
        }
    }

    [Test]
    public async Task StreamThatIsLeft_IsSettledWithWhatCame()
    {
        Till till = new(cap: 1m, AnswerScript.Text([.. Enumerable.Repeat("word ", 100)]));
        till.Time.Run(async () =>
        {
            await foreach (ChatResponseUpdate _ in till.Router.GetStreamingResponseAsync("hello").ConfigureAwait(false))
            {
                break;
            }
        });
        LedgerBalance balance = await till.BalanceAsync();
        Assert.That(balance, LedgerIs.Settled);
        Assert.That(balance.SpentNanoUsd, Is.GreaterThan(0).And.LessThan(1_000_000));
    }

    [Test]
    public void Receipt_ShowsTheCost_AndWhatIsLeft([Values] bool streaming)
    {
        Till till = new(cap: 1m, Good);
        Receipt receipt = till.Ask(streaming).Response!.GetReceipt()!;
        Assert.Multiple(() =>
        {
            Assert.That(receipt.CostUsd, Is.EqualTo(0.0006m));
            Assert.That(receipt.Attempts[0].Note, Does.Contain("budget left $0.9994"));
        });
    }

    [Test]
    public void ExhaustedBudget_IsItsOwnError_AndNothingIsSent([Values] bool streaming)
    {
        Till till = new(cap: 0.0000001m, Good);
        Assert.That(till.Ask(streaming).Error, Is.TypeOf<BudgetExceededException>().With.Property(nameof(BudgetExceededException.Budget)).EqualTo("daily"));
        Assert.That(till.Members[0], CountersAre.Untouched);
    }

    [Test]
    public void ExhaustedBudget_StillPaysForAMemberThatIsFree([Values] bool streaming)
    {
        Till till = new(cap: 0.0000001m, [Dear, Price.Local], Good, Good);
        Assert.That(till.Ask(streaming).Response, ReceiptIs.AnsweredBy("b"));
        Assert.That(till.Members[0], CountersAre.Untouched);
    }

    [Test]
    public void UnknownPrice_IsRefusedUnderACap_NeverTakenForZero([Values] bool streaming)
    {
        Till till = new(cap: 1m, [Price.Unknown], Good);
        Assert.That(till.Ask(streaming).Error, Is.TypeOf<BudgetExceededException>().With.Message.Contains("price"));
    }

    [Test]
    public void CapOfTheRequest_HoldsWithoutAnyBudget([Values] bool streaming)
    {
        Till till = new(cap: null, Good);
        ChatOptions options = new ChatOptions { MaxOutputTokens = 50 }.WithEnsemble(r => r with { MaxUsd = 0.0001m });
        Assert.That(till.Ask(streaming, options).Error, Is.TypeOf<BudgetExceededException>());
        Assert.That(till.Members[0], CountersAre.Untouched);
    }

    [Test]
    public void OutputLimit_IsWhatTheBudgetPays_AndTheReceiptSaysSo([Values] bool streaming)
    {
        Till till = new(cap: 0.001m, Good);
        (ChatResponse? response, _) = till.Ask(streaming);
        Assert.Multiple(() =>
        {
            Assert.That(till.Members[0].Calls[0].Options!.MaxOutputTokens, Is.InRange(50, 100));
            Assert.That(response!.GetReceipt()!.Attempts[0].Note, Does.Contain("what the budget pays"));
        });
    }

    [Test]
    public void SpendingNeverExceedsTheCap_UnderAnyInterleaving() =>
        Gen.Select(Gen.Int[1, 30], Gen.Int[0, 9].Array[30], Gen.Int[1, 60]).Sample((callers, delays, capInTenThousandths) =>
        {
            decimal cap = capInTenThousandths / 10_000m;
            AnswerScript honest = AnswerScript.Text("one ", "two").ReportingUsage(20, 50);
            Till till = new(cap, [Dear, Dear], honest, honest.FailAfter(1));
            int index = 0;
            till.Members[0].Always(call => honest.Every(TimeSpan.FromSeconds(1)).After(TimeSpan.FromSeconds(delays[call.Index % delays.Length])));
            till.Time.Run(() => Task.WhenAll(Enumerable.Range(0, callers).Select(async i =>
            {
                await Task.Delay(TimeSpan.FromMilliseconds(delays[index++ % delays.Length] * 300), till.Time).ConfigureAwait(false);
                try
                {
                    _ = await till.Router.AskAsync(streaming: i % 2 == 0, options: new ChatOptions { MaxOutputTokens = 50 }).ConfigureAwait(false);
                }
                catch (BudgetExceededException)
                {
                    Assert.That((await till.BalanceAsync().ConfigureAwait(false)).CanPay(0, NanoUsd.FromUsd(cap)), Is.True);
                }
            })));
            LedgerBalance balance = till.BalanceAsync().AsTask().GetAwaiter().GetResult();
            Assert.That(balance, LedgerIs.Settled);
            Assert.That(balance, LedgerIs.Within(cap));
        }, iter: 200, threads: 1);

    [Test]
    public void LyingProvider_IsBookedInFull_AndTheReceiptSaysOverReserve([Values] bool streaming)
    {
        Till till = new(cap: 1m, AnswerScript.Text("x").ReportingUsage(10_000, 5_000));
        (ChatResponse? response, _) = till.Ask(streaming, new ChatOptions { MaxOutputTokens = 50 });
        Assert.That(response?.GetReceipt()?.CostUsd, Is.EqualTo(0.06m));
        Assert.That(response!.GetReceipt()!.Attempts[0].Note, Does.Contain("OverReserve"));
    }

    [TestCaseSource(nameof(Found))]
    public async Task AnswerThatFailsByWhatIsFoundInIt_HasItsPriceInTheReceipt(AnswerScript script)
    {
        foreach (bool streaming in new[] { false, true })
        {
            Till till = new(cap: 1m, script);
            Receipt receipt = ((EnsembleException)till.Ask(streaming, new ChatOptions { MaxOutputTokens = 50 }).Error!).Receipt!;
            LedgerBalance balance = await till.BalanceAsync();
            Assert.That(receipt.CostUsd, Is.EqualTo(NanoUsd.ToUsd(balance.SpentNanoUsd)).And.GreaterThan(0));
            Assert.That(receipt.Attempts[^1].UsageSource, Is.EqualTo(UsageSource.Counted));
        }
    }

    private static IEnumerable<TestCaseData> Found()
    {
        AnswerScript silent = AnswerScript.Text("one ", "two").WithoutUsage();
        yield return new TestCaseData(silent.ErrorContentAfter(0)).SetArgDisplayNames("ErrorAtOnce");
        yield return new TestCaseData(silent.ErrorContentAfter(1)).SetArgDisplayNames("ErrorInTheMiddle");
        yield return new TestCaseData(silent.CutAfter(1)).SetArgDisplayNames("Cut");
    }

    [Test]
    public void StreamThatIsTooSlow_HasItsPriceInTheReceipt()
    {
        Till till = new(cap: 1m, AnswerScript.Text([.. Enumerable.Repeat("x", 30)]).Every(TimeSpan.FromSeconds(1)));
        EnsembleException error = (EnsembleException)till.Ask(streaming: true, new ChatOptions { MaxOutputTokens = 50 }).Error!;
        Assert.That(error, Is.TypeOf<StreamInterruptedException>());
        Assert.That(error.Receipt!.CostUsd, Is.GreaterThan(0));
    }

    private sealed class Till
    {
        private readonly MemoryLedgerStore _store = new();

        public Till(decimal? cap, params AnswerScript[] scripts)
            : this(cap, [.. scripts.Select(_ => Dear)], scripts)
        {
        }

        public Till(decimal? cap, Price[] prices, params AnswerScript[] scripts)
        {
            Budget[] budgets = cap is { } usd ? [new Budget("daily", usd) { Per = BudgetPeriod.Day }] : [];
            EnsembleRuntime runtime = new() { TimeProvider = Time, Ledger = cap is null ? null : new Ledger(_store, budgets, Time) };
            Members = [.. scripts.Select((script, i) => new ScriptedMember(((char)('a' + i)).ToString(), Time).Always(script))];
            Router = new RouterChatClient(
                "main",
                Members.Select((member, i) => new Member(member.Name, new Scene.Declared(member).AsModel(member.Name, prices[i], runtime))),
                new RouterOptions { AttemptTimeout = TimeSpan.FromSeconds(30), IdleTimeout = TimeSpan.FromSeconds(30), LongestWait = TimeSpan.Zero, MinCharactersPerSecond = 2 },
                runtime);
        }

        public VirtualTime Time { get; } = new();

        public ScriptedMember[] Members { get; }

        public RouterChatClient Router { get; }

        public ValueTask<LedgerBalance> BalanceAsync() => _store.GetBalanceAsync(new LedgerAccount("daily", "", 20260101, 0), default);

        public (ChatResponse? Response, Exception? Error) Ask(bool streaming, ChatOptions? options = null)
        {
            try
            {
                return (Time.Run(() => Router.AskAsync(streaming, options: options)), null);
            }
            catch (EnsembleException error)
            {
                return (null, error);
            }
        }
    }
}
