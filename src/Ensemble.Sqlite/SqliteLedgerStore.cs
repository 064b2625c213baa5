using Microsoft.Data.Sqlite;

namespace Ensemble.Sqlite;

/// <summary>
/// Keeps the ledger in a SQLite file (write-ahead log) that all processes of a machine share. Each step is one transaction that takes the
/// write lock first, so a process that is killed at any moment has either done a step or not, and doing it again with the same id books
/// nothing twice. Thread-safe; steps of one process run one after another,
/// each a few writes to the local disk on the thread of its caller.
/// </summary>
public sealed partial class SqliteLedgerStore : ILedgerStore, IDisposable
{
    private readonly SqliteLedgerOptions _options;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly SqliteConnection _connection;
    private readonly LedgerStatements _sql;
    private bool _disposed;

    /// <summary>Opens the ledger and creates its file if there is none.</summary>
    /// <param name="options">The settings; <see langword="null"/> for the defaults.</param>
    /// <exception cref="InvalidOperationException">The file was written by a newer version.</exception>
    /// <exception cref="SqliteException">The file cannot be opened.</exception>
    public SqliteLedgerStore(SqliteLedgerOptions? options = null)
    {
        _options = options ?? new SqliteLedgerOptions();
        _connection = LedgerSchema.Open(_options);
        _sql = new LedgerStatements(_connection);
    }

    /// <inheritdoc/>
    public ValueTask<ReserveOutcome> ReserveAsync(LedgerReservation reservation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reservation);
        return StepAsync(static (store, transaction, reservation) => store.Reserve(transaction, reservation), reservation, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<SettleOutcome> SettleAsync(LedgerSettlement settlement, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settlement);
        return StepAsync(static (store, transaction, settlement) => store.Close(transaction, settlement.Id, settlement), settlement, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<SettleOutcome> ReleaseAsync(Guid id, CancellationToken cancellationToken) =>
        StepAsync(static (store, transaction, id) => store.Close(transaction, id, settlement: null), id, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<LedgerBalance> GetBalanceAsync(LedgerAccount account, CancellationToken cancellationToken) =>
        StepAsync(static (store, transaction, account) => store.Balance(transaction, account), account, cancellationToken, reading: true);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<UsageLine>> GetUsageAsync(UsageQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return StepAsync(static (store, transaction, query) => store.Usage(transaction, query), query, cancellationToken, reading: true);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _turn.Wait();
        try
        {
            if (!_disposed)
            {
                _disposed = true;
                _sql.Dispose();
                _connection.Dispose();
            }
        }
        finally
        {
            _ = _turn.Release();
        }
    }

    private async ValueTask<TResult> StepAsync<TArgument, TResult>(
        Func<SqliteLedgerStore, SqliteTransaction, TArgument, TResult> step, TArgument argument, CancellationToken cancellationToken, bool reading = false)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);

            // The write lock is taken at once: a step that read first and then wanted to write could meet another writer and fail.
            using SqliteTransaction transaction = _connection.BeginTransaction(deferred: reading);
            TResult result = step(this, transaction, argument);
            transaction.Commit();
            return result;
        }
        finally
        {
            _ = _turn.Release();
        }
    }
}
