namespace Ensemble.Tests;

public class MemoryLedgerStoreTests : LedgerStoreContract
{
    protected override ILedgerStore CreateStore() => new MemoryLedgerStore();
}
