namespace Ensemble.Tests;

public class MemoryLedgerStoreTests : LedgerStoreContract
{
    [Test]
    public async Task AccountsOfPastDays_AreForgottenTwoDaysAfterTheirEnd_UnlessSomethingIsReserved()
    {
        MemoryLedgerStore store = new();
        LedgerAccount first = new("daily", "", 20260101, 100);
        LedgerAccount second = new("daily", "", 20260102, 100);
        DateTimeOffset start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
        await Book(store, first, start);
        LedgerReservation open = new() { Id = Guid.NewGuid(), NanoUsd = 5, Accounts = [second], Model = "mini", At = start.AddDays(1), ExpiresAt = start.AddDays(10) };
        await store.ReserveAsync(open, default);
        for (int hour = 25; hour < 5 * 24; hour++)
        {
            await Book(store, new LedgerAccount("daily", "", 20260103, 1000), start.AddHours(hour));
            if (hour < 3 * 24)
            {
                Assert.That((await store.GetBalanceAsync(first, default)).SpentNanoUsd, Is.EqualTo(5));
            }
        }

        Assert.That(await store.GetBalanceAsync(first, default), Is.EqualTo(default(LedgerBalance)));
        Assert.That(await store.GetBalanceAsync(second, default), Is.EqualTo(new LedgerBalance(0, 5)));
    }

    /// <summary>Every order of five steps: spending, and a clock that jumps ahead and back by hours and by months.</summary>
    [Test]
    public void CapOfAWindow_HoldsUnderEveryJumpOfTheClock([Values] bool monthly)
    {
        TimeSpan[] steps = [TimeSpan.Zero, TimeSpan.FromHours(13), TimeSpan.FromHours(-13), TimeSpan.FromDays(40), TimeSpan.FromDays(-40), TimeSpan.FromMinutes(2)];
        int orders = (int)Math.Pow(steps.Length, 5);
        for (int order = 0; order < orders; order++)
        {
            MemoryLedgerStore store = new();
            Dictionary<int, long> spent = [];
            DateTimeOffset now = new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero);
            for (int i = 0, rest = order; i < 5; i++, rest /= steps.Length)
            {
                now += steps[rest % steps.Length];
                int window = CalendarWindow.Of(monthly ? BudgetPeriod.Month : BudgetPeriod.Day, TimeZoneInfo.Utc, now);
                LedgerReservation one = new() { Id = Guid.NewGuid(), NanoUsd = 60, Accounts = [new LedgerAccount("cap", "", window, 100)], Model = "mini", At = now, ExpiresAt = now.AddHours(1) };
                bool pays = spent.GetValueOrDefault(window) + 60 <= 100;
                if (store.Reserve(one).IsAccepted != pays)
                {
                    Assert.Fail($"order {order}, step {i}: at {now:u} the cap of {window} with {spent.GetValueOrDefault(window)} spent {(pays ? "refused" : "accepted")} 60 of 100");
                }

                if (pays)
                {
                    _ = store.Settle(new LedgerSettlement { Id = one.Id, NanoUsd = 60, At = now });
                    spent[window] = spent.GetValueOrDefault(window) + 60;
                }
            }
        }
    }

    [Test]
    public async Task BookingThatTwoThreadsCloseAtOnce_IsClosedOnce_AndNothingIsLostBetweenTables()
    {
        MemoryLedgerStore store = new();
        LedgerAccount[] accounts = [new("all", "", 0, 1_000_000), new("tenants", "acme", 0, 1_000_000)];
        DateTimeOffset now = new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero);
        // Each of the 16 tables remembers 256 that are closed: were these not spread over many, some would be forgotten, and reserved twice.
        Guid[] ids = [.. Enumerable.Range(0, 800).Select(_ => BookingId.Next(now))];
        int[] accepted = new int[1];
        int[] closed = new int[1];
        void Work(int who)
        {
            foreach (Guid id in who % 2 == 0 ? ids : ids.Reverse())
            {
                // Both open each booking too: one that is known is not reserved again.
                if (store.Reserve(new LedgerReservation { Id = id, NanoUsd = 9, Accounts = accounts, Model = "mini", Tenant = "acme", At = now, ExpiresAt = now.AddHours(1) }).IsAccepted)
                {
                    _ = Interlocked.Increment(ref accepted[0]);
                }

                SettleOutcome outcome = store.Settle(id, 7, now, UsageTotals.Of(7, 1, 1, 0, UsageSource.Reported), accounts, out long least);
                if (outcome is SettleOutcome.Settled)
                {
                    _ = Interlocked.Increment(ref closed[0]);
                }

                Assert.That(least, Is.InRange(1_000_000 - (800 * 9), 1_000_000 - 7));
            }
        }

        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, Work);
        Assert.That((accepted[0], closed[0]), Is.EqualTo((4 * 800, 800)));
        foreach (LedgerAccount account in accounts)
        {
            Assert.That(await store.GetBalanceAsync(account, default), Is.EqualTo(new LedgerBalance(800 * 7, 0)));
        }

        Assert.That((await store.GetUsageAsync(new UsageQuery(), default)).Single().Calls, Is.EqualTo(800));
    }

    private static async Task Book(MemoryLedgerStore store, LedgerAccount account, DateTimeOffset at)
    {
        LedgerReservation one = new() { Id = Guid.NewGuid(), NanoUsd = 5, Accounts = [account], Model = "mini", At = at, ExpiresAt = at.AddHours(1) };
        await store.ReserveAsync(one, default);
        await store.SettleAsync(new LedgerSettlement { Id = one.Id, NanoUsd = 5, At = at }, default);
    }

    protected override ILedgerStore CreateStore() => new MemoryLedgerStore();
}
