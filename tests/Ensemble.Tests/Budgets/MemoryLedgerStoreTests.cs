namespace Ensemble.Tests;

public class MemoryLedgerStoreTests : LedgerStoreContract
{
    [Test]
    public async Task AccountsOfPastDays_AreForgottenUnlessSomethingIsReserved()
    {
        MemoryLedgerStore store = new();
        LedgerAccount first = new("daily", "", 20260101, 100);
        LedgerAccount second = new("daily", "", 20260102, 100);
        DateTimeOffset start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
        await Book(store, first, start);
        LedgerReservation open = new() { Id = Guid.NewGuid(), NanoUsd = 5, Accounts = [second], Model = "mini", At = start.AddDays(1), ExpiresAt = start.AddDays(10) };
        await store.ReserveAsync(open, default);
        for (int day = 3; day <= 5; day++)
        {
            await Book(store, new LedgerAccount("daily", "", 20260100 + day, 100), start.AddDays(day - 1));
            await Book(store, new LedgerAccount("daily", "", 20260100 + day, 100), start.AddDays(day - 1).AddHours(1));
        }

        Assert.That(await store.GetBalanceAsync(first, default), Is.EqualTo(default(LedgerBalance)));
        Assert.That(await store.GetBalanceAsync(second, default), Is.EqualTo(new LedgerBalance(0, 5)));
    }

    [Test]
    public async Task ADayToWhichTheClockComesBack_IsNotForgotten()
    {
        MemoryLedgerStore store = new();
        LedgerAccount today = new("daily", "", 20260131, 100);
        DateTimeOffset noon = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
        await Book(store, today, noon);
        for (int call = 0; call < 3; call++)
        {
            await Book(store, new LedgerAccount("daily", "", 20260201, 100), noon.AddHours(13));
        }

        Assert.That(await store.GetBalanceAsync(today, default), Is.EqualTo(new LedgerBalance(5, 0)));
    }

    private static async Task Book(MemoryLedgerStore store, LedgerAccount account, DateTimeOffset at)
    {
        LedgerReservation one = new() { Id = Guid.NewGuid(), NanoUsd = 5, Accounts = [account], Model = "mini", At = at, ExpiresAt = at.AddHours(1) };
        await store.ReserveAsync(one, default);
        await store.SettleAsync(new LedgerSettlement { Id = one.Id, NanoUsd = 5, At = at }, default);
    }

    protected override ILedgerStore CreateStore() => new MemoryLedgerStore();
}
