using CsCheck;

namespace Ensemble.Tests;

/// <summary>What every ledger store promises; each store's tests derive from it.</summary>
public abstract class LedgerStoreContract
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
    private static readonly LedgerAccount Small = new("small", "", 0, 100);
    private static readonly LedgerAccount Large = new("large", "acme", 20261125, 1000);

    protected abstract ILedgerStore CreateStore();

    [Test]
    public async Task Reserve_TakesFromAllAccountsOrFromNone()
    {
        ILedgerStore store = CreateStore();
        Assert.That((await Reserve(store, 60, Large, Small)).IsAccepted, Is.True);
        ReserveOutcome refused = await Reserve(store, 60, Large, Small);

        Assert.That(refused.IsAccepted, Is.False);
        Assert.That(refused.RefusedBy, Is.EqualTo(Small));
        Assert.That(refused.Balance, Is.EqualTo(new LedgerBalance(0, 60)));
        Assert.That(await Balance(store, Large), Is.EqualTo(new LedgerBalance(0, 60)), "the account that could pay was not touched");
    }

    [Test]
    public async Task Reserve_PaysToTheLastNanoDollarAndNotOneMore()
    {
        ILedgerStore store = CreateStore();
        Assert.That((await Reserve(store, 100, Small)).IsAccepted, Is.True);
        Assert.That((await Reserve(store, 0, Small)).IsAccepted, Is.True);
        Assert.That((await Reserve(store, 1, Small)).IsAccepted, Is.False);
        Assert.That((await Reserve(CreateStore(), long.MaxValue, Small)).IsAccepted, Is.False);
    }

    [Test]
    public async Task Reserve_SeenAgain_ReservesOnce()
    {
        ILedgerStore store = CreateStore();
        LedgerReservation once = Reservation(60, Small);
        await store.ReserveAsync(once, default);
        Assert.That((await store.ReserveAsync(once, default)).IsAccepted, Is.True);
        Assert.That(await Balance(store, Small), Is.EqualTo(new LedgerBalance(0, 60)));

        await store.SettleAsync(Settlement(once.Id, 10), default);
        Assert.That((await store.ReserveAsync(once, default)).IsAccepted, Is.True, "a retry after the settlement reserves nothing either");
        Assert.That(await Balance(store, Small), Is.EqualTo(new LedgerBalance(10, 0)));
    }

    [Test]
    public async Task Settle_BooksOnce()
    {
        ILedgerStore store = CreateStore();
        LedgerReservation one = Reservation(60, Small, Large);
        await store.ReserveAsync(one, default);
        Assert.That(await store.SettleAsync(Settlement(one.Id, 25), default), Is.EqualTo(SettleOutcome.Settled));
        Assert.That(await store.SettleAsync(Settlement(one.Id, 25), default), Is.EqualTo(SettleOutcome.AlreadyClosed));
        Assert.That(await store.ReleaseAsync(one.Id, default), Is.EqualTo(SettleOutcome.AlreadyClosed));
        Assert.That(await Balance(store, Small), Is.EqualTo(new LedgerBalance(25, 0)));
        Assert.That(await Balance(store, Large), Is.EqualTo(new LedgerBalance(25, 0)));
    }

    [Test]
    public async Task Release_GivesAllBackAndCountsNoUsage()
    {
        ILedgerStore store = CreateStore();
        LedgerReservation one = Reservation(60, Small);
        await store.ReserveAsync(one, default);
        Assert.That(await store.ReleaseAsync(one.Id, default), Is.EqualTo(SettleOutcome.Settled));
        Assert.That(await Balance(store, Small), Is.EqualTo(default(LedgerBalance)));
        Assert.That(await store.GetUsageAsync(new UsageQuery(), default), Is.Empty);
    }

    [Test]
    public async Task AnUnknownBooking_ChangesNothing()
    {
        ILedgerStore store = CreateStore();
        Assert.That(await store.SettleAsync(Settlement(Guid.NewGuid(), 5), default), Is.EqualTo(SettleOutcome.NotFound));
        Assert.That(await store.ReleaseAsync(Guid.NewGuid(), default), Is.EqualTo(SettleOutcome.NotFound));
        Assert.That(await store.GetUsageAsync(new UsageQuery(), default), Is.Empty);
    }

    [Test]
    public async Task MoreThanTheReserve_IsBookedInFullAndBlocksTheNext()
    {
        ILedgerStore store = CreateStore();
        LedgerReservation one = Reservation(50, Small);
        await store.ReserveAsync(one, default);
        Assert.That(await store.SettleAsync(Settlement(one.Id, 120), default), Is.EqualTo(SettleOutcome.OverReserve));
        Assert.That(await Balance(store, Small), Is.EqualTo(new LedgerBalance(120, 0)));
        Assert.That((await Reserve(store, 1, Small)).IsAccepted, Is.False);
    }

    [Test]
    public async Task AnUnknownPrice_BooksTheReserveAndIsCountedAsUnpriced()
    {
        ILedgerStore store = CreateStore();
        LedgerReservation one = Reservation(40, Small);
        await store.ReserveAsync(one, default);
        await store.SettleAsync(new LedgerSettlement { Id = one.Id, NanoUsd = null, InputTokens = 7, At = Noon, Source = UsageSource.Reported }, default);
        UsageLine line = (await store.GetUsageAsync(new UsageQuery(), default)).Single();
        Assert.That(line.UnpricedCalls, Is.EqualTo(1));
        Assert.That(line.CostUsd, Is.Zero);
        Assert.That(await Balance(store, Small), Is.EqualTo(new LedgerBalance(40, 0)));
    }

    [Test]
    public async Task AnAbandonedReservation_IsBookedInFullAndCorrectedByALateSettlement()
    {
        ILedgerStore store = CreateStore();
        LedgerReservation abandoned = Reservation(60, Small);
        await store.ReserveAsync(abandoned, default);
        await store.ReserveAsync(Reservation(1, Noon.AddHours(2), Large), default);
        Assert.That(await Balance(store, Small), Is.EqualTo(new LedgerBalance(60, 0)));
        Assert.That((await Total(store)).CostUsd, Is.EqualTo(NanoUsd.ToUsd(60)));
        Assert.That((await Total(store)).EstimatedCalls, Is.EqualTo(1));

        Assert.That(await store.SettleAsync(Settlement(abandoned.Id, 20), default), Is.EqualTo(SettleOutcome.Settled));
        Assert.That(await store.SettleAsync(Settlement(abandoned.Id, 20), default), Is.EqualTo(SettleOutcome.AlreadyClosed));
        Assert.That(await Balance(store, Small), Is.EqualTo(new LedgerBalance(20, 0)));
        Assert.That((await Total(store)).Calls, Is.EqualTo(1));
        Assert.That((await Total(store)).CostUsd, Is.EqualTo(NanoUsd.ToUsd(20)));
        Assert.That((await Total(store)).EstimatedCalls, Is.Zero);
    }

    [Test]
    public async Task AnAbandonedReservation_ThatIsReleasedLate_CostsNothing()
    {
        ILedgerStore store = CreateStore();
        LedgerReservation abandoned = Reservation(60, Small);
        await store.ReserveAsync(abandoned, default);
        await store.ReserveAsync(Reservation(1, Noon.AddHours(2), Large), default);
        await store.ReleaseAsync(abandoned.Id, default);
        Assert.That(await Balance(store, Small), Is.EqualTo(default(LedgerBalance)));
        Assert.That(await store.GetUsageAsync(new UsageQuery(), default), Is.Empty);
    }

    [Test]
    public async Task Usage_AddsUpByModelTenantAndLocalDay()
    {
        ILedgerStore store = CreateStore();
        await Book(store, "mini", "acme", new DateTimeOffset(2026, 11, 25, 14, 50, 0, TimeSpan.Zero), 10);
        await Book(store, "mini", "acme", new DateTimeOffset(2026, 11, 25, 15, 10, 0, TimeSpan.Zero), 20);
        await Book(store, "large", null, new DateTimeOffset(2026, 11, 25, 23, 59, 0, TimeSpan.Zero), 40);

        Assert.That(await Keys(store, UsageGrouping.Model), Is.EqualTo(new[] { "large 1 40", "mini 2 30" }));
        Assert.That(await Keys(store, UsageGrouping.Tenant), Is.EqualTo(new[] { " 1 40", "acme 2 30" }));
        Assert.That(await Keys(store, UsageGrouping.Day), Is.EqualTo(new[] { "2026-11-25 3 70" }));
        TimeZoneInfo seoul = TimeZoneInfo.CreateCustomTimeZone("KST", TimeSpan.FromHours(9), "KST", "KST");
        Assert.That(await Keys(store, UsageGrouping.Day, seoul), Is.EqualTo(new[] { "2026-11-25 1 10", "2026-11-26 2 60" }));
        Assert.That((await store.GetUsageAsync(new UsageQuery { Model = "mini", From = new DateTimeOffset(2026, 11, 25, 15, 0, 0, TimeSpan.Zero) }, default)).Single().CostUsd,
            Is.EqualTo(NanoUsd.ToUsd(20)));
    }

    [Test]
    public async Task ConversationThatIsIdle_IsForgottenAfterItsTime_AndNotBefore()
    {
        ILedgerStore store = CreateStore();
        LedgerAccount talk = new("talk", "c1", 0, 100) { ForgetAfter = TimeSpan.FromDays(30) };
        LedgerAccount tenant = new("tenants", "acme", 0, 100);
        LedgerReservation one = Reservation(60, talk, tenant);
        await store.ReserveAsync(one, default);
        await store.SettleAsync(Settlement(one.Id, 50), default);
        await Sweep(Noon.AddDays(29));
        Assert.That(await Balance(store, talk), Is.EqualTo(new LedgerBalance(50, 0)), "the conversation may go on");

        LedgerReservation two = Reservation(10, Noon.AddDays(29.5), talk);
        await store.ReserveAsync(two, default);
        await store.ReleaseAsync(two.Id, default);
        await Sweep(Noon.AddDays(59));
        Assert.That(await Balance(store, talk), Is.EqualTo(new LedgerBalance(50, 0)), "each call begins the time anew");

        await Sweep(Noon.AddDays(60));
        Assert.That(await Balance(store, talk), Is.EqualTo(default(LedgerBalance)));
        Assert.That(await Balance(store, tenant), Is.EqualTo(new LedgerBalance(50, 0)), "what never starts anew is never forgotten");

        async Task Sweep(DateTimeOffset at) => await store.ReserveAsync(Reservation(0, at, new LedgerAccount("other", "", 0, 100)), default);
    }

    [Test]
    public async Task SettlementAfterTheAccountWasForgotten_GivesNobodyMoney()
    {
        ILedgerStore store = CreateStore();
        LedgerAccount talk = new("talk", "c1", 0, 100) { ForgetAfter = TimeSpan.FromDays(2) };
        LedgerReservation lost = Reservation(60, talk);
        await store.ReserveAsync(lost, default);
        foreach (int day in new[] { 1, 4 })
        {
            await store.ReserveAsync(Reservation(0, Noon.AddDays(day), new LedgerAccount("other", "", 0, 100)), default);
        }

        await store.SettleAsync(Settlement(lost.Id, 5), default);
        Assert.That(await Balance(store, talk), Is.EqualTo(default(LedgerBalance)), "not 55 below zero");
    }

    [Test]
    public void AnyHistory_KeepsTheBalancesOfTheModel() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 4], Gen.Long[0, 80]).List[1, 40].Sample(history =>
        {
            ILedgerStore store = CreateStore();
            Guid[] ids = [.. Enumerable.Range(1, 5).Select(i => new Guid(i, 0, 0, new byte[8]))];
            long[] open = new long[5];
            bool[] known = new bool[5];
            long spent = 0;
            foreach ((int step, int booking, long amount) in history)
            {
                long reserved = open.Sum(one => Math.Max(one, 0));
                if (step <= 1)
                {
                    ReserveOutcome outcome = store.ReserveAsync(Reservation(amount, Noon, Small, ids[booking]), default).AsTask().GetAwaiter().GetResult();
                    bool fits = amount == 0 || spent + reserved + amount <= 100;
                    Assert.That(outcome.IsAccepted, Is.EqualTo(known[booking] || fits));
                    if (!known[booking] && fits)
                    {
                        (known[booking], open[booking]) = (true, amount);
                    }
                }
                else
                {
                    SettleOutcome outcome = (step == 2
                        ? store.SettleAsync(Settlement(ids[booking], amount), default).AsTask()
                        : store.ReleaseAsync(ids[booking], default).AsTask()).GetAwaiter().GetResult();
                    bool isOpen = known[booking] && open[booking] >= 0;
                    Assert.That(outcome, Is.EqualTo(
                        !known[booking] ? SettleOutcome.NotFound
                        : !isOpen ? SettleOutcome.AlreadyClosed
                        : step == 2 && amount > open[booking] ? SettleOutcome.OverReserve : SettleOutcome.Settled));
                    if (isOpen)
                    {
                        spent += step == 2 ? amount : 0;
                        open[booking] = -1;
                    }
                }

                Assert.That(Balance(store, Small).GetAwaiter().GetResult(), Is.EqualTo(new LedgerBalance(spent, open.Sum(one => Math.Max(one, 0)))));
            }
        }, iter: 40, threads: 1);

    [Test]
    public async Task ParallelCallers_NeverReserveMoreThanTheCap()
    {
        ILedgerStore store = CreateStore();
        LedgerAccount cap = new("cap", "", 0, 1000);
        long[] paid = await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            long sum = 0;
            for (int i = 0; i < 20; i++)
            {
                LedgerReservation one = Reservation(30 + worker, cap);
                if ((await store.ReserveAsync(one, default)).IsAccepted)
                {
                    LedgerBalance seen = await store.GetBalanceAsync(cap, default);
                    Assert.That(seen.SpentNanoUsd + seen.ReservedNanoUsd, Is.LessThanOrEqualTo(1000));
                    await store.SettleAsync(Settlement(one.Id, 10 + worker), default);
                    sum += 10 + worker;
                }
            }

            return sum;
        })));

        Assert.That(await Balance(store, cap), Is.EqualTo(new LedgerBalance(paid.Sum(), 0)));
        Assert.That(paid.Sum(), Is.LessThanOrEqualTo(1000));
    }

    private static LedgerReservation Reservation(long amount, params LedgerAccount[] accounts) => Reservation(amount, Noon, accounts);

    private static LedgerReservation Reservation(long amount, DateTimeOffset at, params LedgerAccount[] accounts) => new()
    {
        Id = Guid.NewGuid(),
        NanoUsd = amount,
        Accounts = accounts,
        Model = "mini",
        At = at,
        ExpiresAt = at.AddHours(1),
    };

    private static LedgerReservation Reservation(long amount, DateTimeOffset at, LedgerAccount account, Guid id) => new()
    {
        Id = id,
        NanoUsd = amount,
        Accounts = [account],
        Model = "mini",
        At = at,
        ExpiresAt = at.AddHours(1),
    };

    private static LedgerSettlement Settlement(Guid id, long cost) => new() { Id = id, NanoUsd = cost, InputTokens = 5, OutputTokens = 3, At = Noon, Source = UsageSource.Reported };

    private static Task<ReserveOutcome> Reserve(ILedgerStore store, long amount, params LedgerAccount[] accounts) => store.ReserveAsync(Reservation(amount, accounts), default).AsTask();

    private static Task<LedgerBalance> Balance(ILedgerStore store, LedgerAccount account) => store.GetBalanceAsync(account, default).AsTask();

    private static async Task<UsageLine> Total(ILedgerStore store) => (await store.GetUsageAsync(new UsageQuery(), default)).Single();

    private static async Task Book(ILedgerStore store, string model, string? tenant, DateTimeOffset at, long cost)
    {
        LedgerReservation one = new() { Id = Guid.NewGuid(), NanoUsd = cost, Accounts = [], Model = model, Tenant = tenant, At = at, ExpiresAt = at.AddDays(30) };
        await store.ReserveAsync(one, default);
        await store.SettleAsync(Settlement(one.Id, cost), default);
    }

    private static async Task<string[]> Keys(ILedgerStore store, UsageGrouping by, TimeZoneInfo? zone = null) =>
        [.. (await store.GetUsageAsync(new UsageQuery { By = by, TimeZone = zone ?? TimeZoneInfo.Utc }, default)).Select(line => $"{line.Key} {line.Calls} {NanoUsd.FromUsd(line.CostUsd)}")];
}
