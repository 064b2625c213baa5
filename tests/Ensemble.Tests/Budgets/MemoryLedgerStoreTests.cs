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
        await Book(store, new LedgerAccount("daily", "", 20260103, 100), start.AddDays(2));
        await Book(store, new LedgerAccount("daily", "", 20260103, 100), start.AddDays(2).AddHours(1));

        Assert.That(await store.GetBalanceAsync(first, default), Is.EqualTo(default(LedgerBalance)));
        Assert.That(await store.GetBalanceAsync(second, default), Is.EqualTo(new LedgerBalance(0, 5)));
    }

    private static async Task Book(MemoryLedgerStore store, LedgerAccount account, DateTimeOffset at)
    {
        LedgerReservation one = new() { Id = Guid.NewGuid(), NanoUsd = 5, Accounts = [account], Model = "mini", At = at, ExpiresAt = at.AddHours(1) };
        await store.ReserveAsync(one, default);
        await store.SettleAsync(new LedgerSettlement { Id = one.Id, NanoUsd = 5, At = at }, default);
    }

    protected override ILedgerStore CreateStore() => new MemoryLedgerStore();
}
