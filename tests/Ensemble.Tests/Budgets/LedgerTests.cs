using Microsoft.Extensions.Time.Testing;

namespace Ensemble.Tests;

public class LedgerTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero));
    private readonly MemoryLedgerStore _store = new();

    [Test]
    public async Task ABudgetThatCannotPay_SaysItsNameCapSpentAndAsked()
    {
        Ledger ledger = new(_store, [new Budget("daily", 1m) { Per = BudgetPeriod.Day }], _time);
        SpendContext request = new();
        Booking booking = await ledger.ReserveAsync(request, "mini", 0.7m, Minute);
        await ledger.SettleAsync(booking, 0.6m, 100, 50);

        Assert.That(async () => await ledger.ReserveAsync(request, "mini", 0.5m, Minute), Throws.TypeOf<BudgetExceededException>()
            .With.Property(nameof(BudgetExceededException.Budget)).EqualTo("daily")
            .And.Property(nameof(BudgetExceededException.CapUsd)).EqualTo(1m)
            .And.Property(nameof(BudgetExceededException.SpentUsd)).EqualTo(0.6m)
            .And.Property(nameof(BudgetExceededException.AskedUsd)).EqualTo(0.5m)
            .And.Property(nameof(BudgetExceededException.ResetsAt)).EqualTo(new DateTimeOffset(2026, 11, 26, 0, 0, 0, TimeSpan.Zero))
            .And.Message.Contains("'daily'"));
    }

    [Test]
    public async Task ADailyBudget_StartsAnewAtMidnightOfItsTimeZone()
    {
        TimeZoneInfo seoul = TimeZoneInfo.CreateCustomTimeZone("KST", TimeSpan.FromHours(9), "KST", "KST");
        Ledger ledger = new(_store, [new Budget("daily", 1m) { Per = BudgetPeriod.Day, TimeZone = seoul }], _time);
        await ledger.SettleAsync(await ledger.ReserveAsync(new SpendContext(), "mini", 1m, Minute), 1m, 1, 1);
        Assert.That(await ledger.GetRemainingUsdAsync(new SpendContext(), "mini"), Is.Zero);

        _time.Advance(TimeSpan.FromHours(2.99));
        Assert.That(await ledger.GetRemainingUsdAsync(new SpendContext(), "mini"), Is.Zero);
        _time.Advance(TimeSpan.FromHours(0.02));
        Assert.That(await ledger.GetRemainingUsdAsync(new SpendContext(), "mini"), Is.EqualTo(1m));
    }

    [Test]
    public async Task ABookingThatOutlivesItsDay_IsSettledOnTheDayItWasReserved()
    {
        Ledger ledger = new(_store, [new Budget("daily", 1m) { Per = BudgetPeriod.Day }], _time);
        Booking booking = await ledger.ReserveAsync(new SpendContext(), "mini", 1m, TimeSpan.FromDays(2));
        _time.Advance(TimeSpan.FromHours(13));
        await ledger.SettleAsync(booking, 0.8m, 1, 1);
        Assert.That(await ledger.GetRemainingUsdAsync(new SpendContext(), "mini"), Is.EqualTo(1m));
    }

    [TestCase(BudgetScope.Everything, "0.4 0.4 0.4 0.4")]
    [TestCase(BudgetScope.Tenant, "0.4 1 0.4 0.4")]
    [TestCase(BudgetScope.Model, "0.4 0.4 1 0.4")]
    [TestCase(BudgetScope.Conversation, "0.4 0.4 0.4 1")]
    [TestCase(BudgetScope.Request, "1 1 1 1")]
    public async Task Budgets_AddUpWhatTheirScopeSays(BudgetScope scope, string remaining)
    {
        Ledger ledger = new(_store, [new Budget("cap", 1m) { Scope = scope }], _time);
        await ledger.SettleAsync(await ledger.ReserveAsync(Context("acme", "c1"), "mini", 0.6m, Minute), 0.6m, 1, 1);
        decimal?[] left =
        [
            await ledger.GetRemainingUsdAsync(Context("acme", "c1"), "mini"),
            await ledger.GetRemainingUsdAsync(Context("other", "c1"), "mini"),
            await ledger.GetRemainingUsdAsync(Context("acme", "c1"), "large"),
            await ledger.GetRemainingUsdAsync(Context("acme", "c2"), "mini"),
        ];

        Assert.That(string.Join(' ', left.Select(usd => $"{usd:0.#}")), Is.EqualTo(remaining));
        static SpendContext Context(string tenant, string conversation) => new() { Tenant = tenant, ConversationId = conversation };
    }

    [Test]
    public async Task ABudgetPerRequest_IsSharedByEverythingNestedInIt()
    {
        Ledger ledger = new(_store, [new Budget("request", 1m) { Scope = BudgetScope.Request }], _time);
        SpendContext request = new();
        Booking first = await ledger.ReserveAsync(request, "mini", 0.6m, Minute);
        Assert.That(async () => await ledger.ReserveAsync(request, "large", 0.5m, Minute), Throws.TypeOf<BudgetExceededException>());
        await ledger.SettleAsync(first, 0.1m, 1, 1);
        Assert.That((await ledger.ReserveAsync(request, "large", 0.5m, Minute)).ReservedUsd, Is.EqualTo(0.5m));
    }

    [Test]
    public async Task ARefusalByAnotherBudget_GivesTheRequestItsMoneyBack()
    {
        Ledger ledger = new(_store, [new Budget("request", 1m) { Scope = BudgetScope.Request }, new Budget("all", 0.3m)], _time);
        SpendContext request = new();
        Assert.That(async () => await ledger.ReserveAsync(request, "mini", 0.6m, Minute), Throws.TypeOf<BudgetExceededException>().With.Property("Budget").EqualTo("all"));
        Assert.That(await ledger.GetRemainingUsdAsync(request, "mini"), Is.EqualTo(0.3m));
    }

    [Test]
    public async Task ABooking_IsClosedOnce([Values] bool settleFirst)
    {
        Ledger ledger = new(_store, [new Budget("all", 1m)], _time);
        Booking booking = await ledger.ReserveAsync(new SpendContext(), "mini", 0.5m, Minute);
        await (settleFirst ? ledger.SettleAsync(booking, 0.2m, 1, 1) : ledger.ReleaseAsync(booking));
        Assert.That(booking.IsClosed, Is.True);
        Assert.That(await ledger.SettleAsync(booking, 0.5m, 1, 1), Is.EqualTo(SettleOutcome.AlreadyClosed));
        Assert.That(await ledger.ReleaseAsync(booking), Is.EqualTo(SettleOutcome.AlreadyClosed));
        Assert.That(await ledger.GetRemainingUsdAsync(new SpendContext(), "mini"), Is.EqualTo(settleFirst ? 0.8m : 1m));
    }

    [Test]
    public void TwoBudgetsOfOneName_AreRefused() =>
        Assert.That(() => new Ledger(_store, [new Budget("a", 1m), new Budget("A", 2m)]), Throws.ArgumentException.With.Message.Contains("'a'"));

    [Test]
    public async Task WithoutBudgets_UsageIsStillCounted()
    {
        Ledger ledger = new(_store, [], _time);
        Assert.That(ledger.HasBudgets, Is.False);
        await ledger.SettleAsync(await ledger.ReserveAsync(new SpendContext(), "mini", 5m, Minute), 2m, 10, 20, 4);
        UsageLine line = (await ledger.GetUsageAsync(new UsageQuery { By = UsageGrouping.Model })).Single();
        Assert.That((line.Key, line.InputTokens, line.CachedInputTokens, line.OutputTokens, line.CostUsd), Is.EqualTo(("mini", 10L, 4L, 20L, 2m)));
    }
}
