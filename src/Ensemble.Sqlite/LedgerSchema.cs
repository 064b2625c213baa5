using Microsoft.Data.Sqlite;

namespace Ensemble.Sqlite;

/// <summary>The tables of a ledger, by version.</summary>
internal static class LedgerSchema
{
    private const long Version = 2;

    // state: 0 open, 1 closed, 2 expired (its whole reserve is booked). Money is in nano-dollars, time in Unix milliseconds.
    // forget: when an account goes that nobody has used since; 0 for never.
    private const string Tables = """
        CREATE TABLE accounts (
            budget TEXT NOT NULL, subject TEXT NOT NULL, window INTEGER NOT NULL,
            spent INTEGER NOT NULL, reserved INTEGER NOT NULL, forget INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (budget, subject, window)) WITHOUT ROWID, STRICT;
        CREATE TABLE bookings (
            id BLOB NOT NULL PRIMARY KEY, state INTEGER NOT NULL, nano INTEGER NOT NULL,
            model TEXT NOT NULL, tenant TEXT NOT NULL, quarter INTEGER NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID, STRICT;
        CREATE INDEX bookings_by_state ON bookings (state, expires);
        CREATE TABLE entries (
            id BLOB NOT NULL, budget TEXT NOT NULL, subject TEXT NOT NULL, window INTEGER NOT NULL,
            PRIMARY KEY (id, budget, subject, window)) WITHOUT ROWID, STRICT;
        CREATE TABLE usage (
            quarter INTEGER NOT NULL, model TEXT NOT NULL, tenant TEXT NOT NULL,
            calls INTEGER NOT NULL, input INTEGER NOT NULL, cached INTEGER NOT NULL, output INTEGER NOT NULL,
            cost INTEGER NOT NULL, unpriced INTEGER NOT NULL, estimated INTEGER NOT NULL,
            PRIMARY KEY (quarter, model, tenant)) WITHOUT ROWID, STRICT;
        PRAGMA user_version = 2;
        """;

    // Format 1 did not know when a conversation was last used: its accounts stay as they are until they are used again.
    private const string From1To2 = """
        ALTER TABLE accounts ADD COLUMN forget INTEGER NOT NULL DEFAULT 0;
        PRAGMA user_version = 2;
        """;

    public static SqliteConnection Open(SqliteLedgerOptions options)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(options.Path)) is { Length: > 0 } folder)
        {
            _ = Directory.CreateDirectory(folder);
        }

        SqliteConnection connection = new(new SqliteConnectionStringBuilder
        {
            DataSource = options.Path,
            Pooling = false,
            DefaultTimeout = Math.Max(1, (int)Math.Ceiling(options.BusyTimeout.TotalSeconds)),
        }.ToString());
        try
        {
            connection.Open();

            // SQLite's own waiting wakes within milliseconds; the driver's retries every 150 ms.
            Execute(connection, $"PRAGMA busy_timeout = {(long)options.BusyTimeout.TotalMilliseconds}");
            Execute(connection, "PRAGMA journal_mode = WAL");
            Execute(connection, options.SurvivePowerLoss ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
            using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
            using SqliteCommand version = connection.CreateCommand();
            version.Transaction = transaction;
            version.CommandText = "PRAGMA user_version";
            long found = (long)version.ExecuteScalar()!;
            if (found == 0)
            {
                Execute(connection, Tables, transaction);
            }
            else if (found == 1)
            {
                Execute(connection, From1To2, transaction);
            }
            else if (found != Version)
            {
                throw new InvalidOperationException(
                    $"The ledger '{options.Path}' has format {found}, this package knows format {Version}: use the newer package, or another file.");
            }

            transaction.Commit();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Execute(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // The texts are constants of this file and one number.
        command.CommandText = sql;
#pragma warning restore CA2100
        _ = command.ExecuteNonQuery();
    }
}
