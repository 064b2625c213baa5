using Ensemble.Tests;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;

namespace Ensemble.Sqlite.Tests;

public sealed class SqliteLedgerStoreTests : LedgerStoreContract, IDisposable
{
    private static readonly LedgerAccount Account = new("monthly", "acme", 202611, 1000);
    private readonly TemporaryFolder _folder = new();
    private readonly List<SqliteLedgerStore> _stores = [];

    [Test]
    public async Task WhatIsBooked_OutlivesTheProcess()
    {
        string path = _folder.File("ledger.db");
        Guid id = Guid.NewGuid();
        using (SqliteLedgerStore before = new(new SqliteLedgerOptions { Path = path }))
        {
            await before.ReserveAsync(Reservation(id, 300), default);
        }

        using SqliteLedgerStore after = new(new SqliteLedgerOptions { Path = path });
        Assert.That(await after.GetBalanceAsync(Account, default), Is.EqualTo(new LedgerBalance(0, 300)));
        Assert.That(await after.SettleAsync(new LedgerSettlement { Id = id, NanoUsd = 250, At = DateTimeOffset.UnixEpoch }, default), Is.EqualTo(SettleOutcome.Settled));
        Assert.That(await after.GetBalanceAsync(Account, default), Is.EqualTo(new LedgerBalance(250, 0)));
    }

    [Test]
    public async Task TwoStoresOnOneFile_ShareTheCap()
    {
        string path = _folder.File("ledger.db");
        using SqliteLedgerStore one = new(new SqliteLedgerOptions { Path = path });
        using SqliteLedgerStore two = new(new SqliteLedgerOptions { Path = path });
        bool[] accepted = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(async () =>
            (await (i % 2 == 0 ? one : two).ReserveAsync(Reservation(Guid.NewGuid(), 100), default)).IsAccepted)));
        Assert.That(accepted.Count(yes => yes), Is.EqualTo(10));
        Assert.That(await two.GetBalanceAsync(Account, default), Is.EqualTo(new LedgerBalance(0, 1000)));
    }

    [Test]
    public async Task OldBookingsUsageAndWindows_AreForgotten()
    {
        string path = _folder.File("ledger.db");
        using SqliteLedgerStore store = new(new SqliteLedgerOptions { Path = path });
        Guid id = Guid.NewGuid();
        DateTimeOffset start = new(2026, 11, 25, 0, 0, 0, TimeSpan.Zero);
        await store.ReserveAsync(Reservation(id, 300), default);
        await store.SettleAsync(new LedgerSettlement { Id = id, NanoUsd = 250, At = start }, default);
        await store.ReserveAsync(Reservation(Guid.NewGuid(), 0, start.AddDays(450)), default);

        Assert.That(await store.GetBalanceAsync(Account, default), Is.EqualTo(default(LedgerBalance)));
        Assert.That(await store.GetUsageAsync(new UsageQuery(), default), Is.Empty);
        Assert.That(await store.ReleaseAsync(id, default), Is.EqualTo(SettleOutcome.NotFound));
    }

    [Test]
    public async Task AFileOfTheFirstFormat_IsTakenOverWithWhatWasSpent()
    {
        string path = _folder.File("old.db");
        using (SqliteConnection connection = new($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = """
                CREATE TABLE accounts (budget TEXT NOT NULL, subject TEXT NOT NULL, window INTEGER NOT NULL, spent INTEGER NOT NULL, reserved INTEGER NOT NULL,
                    PRIMARY KEY (budget, subject, window)) WITHOUT ROWID, STRICT;
                CREATE TABLE bookings (id BLOB NOT NULL PRIMARY KEY, state INTEGER NOT NULL, nano INTEGER NOT NULL,
                    model TEXT NOT NULL, tenant TEXT NOT NULL, quarter INTEGER NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID, STRICT;
                CREATE TABLE entries (id BLOB NOT NULL, budget TEXT NOT NULL, subject TEXT NOT NULL, window INTEGER NOT NULL,
                    PRIMARY KEY (id, budget, subject, window)) WITHOUT ROWID, STRICT;
                CREATE TABLE usage (quarter INTEGER NOT NULL, model TEXT NOT NULL, tenant TEXT NOT NULL,
                    calls INTEGER NOT NULL, input INTEGER NOT NULL, cached INTEGER NOT NULL, output INTEGER NOT NULL,
                    cost INTEGER NOT NULL, unpriced INTEGER NOT NULL, estimated INTEGER NOT NULL, PRIMARY KEY (quarter, model, tenant)) WITHOUT ROWID, STRICT;
                INSERT INTO accounts VALUES ('talk', 'c1', 0, 42, 0);
                PRAGMA user_version = 1;
                """;
            command.ExecuteNonQuery();
        }

        using SqliteLedgerStore store = new(new SqliteLedgerOptions { Path = path });
        LedgerAccount talk = new("talk", "c1", 0, 100) { ForgetAfter = TimeSpan.FromDays(30) };
        Assert.That(await store.GetBalanceAsync(talk, default), Is.EqualTo(new LedgerBalance(42, 0)));
        LedgerReservation one = new() { Id = Guid.NewGuid(), NanoUsd = 8, Accounts = [talk], Model = "m", At = DateTimeOffset.UnixEpoch, ExpiresAt = DateTimeOffset.UnixEpoch.AddHours(1) };
        Assert.That((await store.ReserveAsync(one, default)).IsAccepted, Is.True);
        Assert.That(await store.GetBalanceAsync(talk, default), Is.EqualTo(new LedgerBalance(42, 8)));
    }

    [Test]
    public void AFileOfANewerFormat_IsRefusedAndLeftAlone()
    {
        string path = _folder.File("ledger.db");
        using (SqliteConnection connection = new($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            command.ExecuteNonQuery();
        }

        Assert.That(() => new SqliteLedgerStore(new SqliteLedgerOptions { Path = path }), Throws.InvalidOperationException.With.Message.Contains("format 99"));
    }

    [Test]
    public void AddSqliteLedger_RegistersTheStoreUnlessThereIsOne()
    {
        ServiceCollection services = new();
        IEnsembleBuilder builder = Substitute.For<IEnsembleBuilder>();
        builder.Services.Returns(services);
        builder.AddSqliteLedger(options => options.Path = _folder.File("sub/ledger.db")).AddSqliteLedger();
        using ServiceProvider provider = services.BuildServiceProvider();
        Assert.That(provider.GetServices<ILedgerStore>().Single(), Is.TypeOf<SqliteLedgerStore>());
        Assert.That(File.Exists(_folder.File("sub/ledger.db")), Is.True);
    }

    public void Dispose()
    {
        _stores.ForEach(store => store.Dispose());
        _folder.Dispose();
    }

    protected override ILedgerStore CreateStore()
    {
        SqliteLedgerStore store = new(new SqliteLedgerOptions { Path = _folder.File($"{_stores.Count}.db"), SurvivePowerLoss = false });
        _stores.Add(store);
        return store;
    }

    private static LedgerReservation Reservation(Guid id, long amount, DateTimeOffset? at = null)
    {
        DateTimeOffset when = at ?? new DateTimeOffset(2026, 11, 25, 0, 0, 0, TimeSpan.Zero);
        return new LedgerReservation { Id = id, NanoUsd = amount, Accounts = [Account], Model = "mini", Tenant = "acme", At = when, ExpiresAt = when.AddHours(1) };
    }
}
