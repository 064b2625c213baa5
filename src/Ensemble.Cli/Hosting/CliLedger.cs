using Ensemble.Sqlite;
using Microsoft.Data.Sqlite;

namespace Ensemble.Cli;

/// <summary>
/// The ledger of the command line: a file that all its processes share, opened when it is first used. What cannot be written is said once and
/// breaks no command, unless a budget relies on it: a cap that cannot be kept must not be passed over. Without a path nothing is recorded.
/// </summary>
internal sealed class CliLedger(string? path, Terminal terminal) : ILedgerStore, IDisposable
{
    /// <summary>The variable that names another file, or <see cref="Off"/>.</summary>
    public const string Variable = "ENSEMBLE_LEDGER";

    /// <summary>The value that keeps no ledger.</summary>
    public const string Off = "off";

    private readonly Lock _lock = new();
    private SqliteLedgerStore? _store;
    private bool _isBroken;

    /// <summary>Returns the file of this user; <see langword="null"/> when none is wanted, or there is no folder for it.</summary>
    public static string? PathOfProcess() => Environment.GetEnvironmentVariable(Variable) switch
    {
        { Length: > 0 } off when off.Equals(Off, StringComparison.OrdinalIgnoreCase) => null,
        { Length: > 0 } chosen => System.IO.Path.GetFullPath(chosen),

        // Without a home the platform gives a path that is relative, and so would be in whatever folder the command runs.
        _ => new SqliteLedgerOptions().Path is var own && System.IO.Path.IsPathRooted(own) ? own : null,
    };

    public ValueTask<ReserveOutcome> ReserveAsync(LedgerReservation reservation, CancellationToken cancellationToken) =>
        TryAsync(store => store.ReserveAsync(reservation, cancellationToken), ReserveOutcome.Accepted, isCapped: reservation.Accounts.Count > 0);

    public ValueTask<SettleOutcome> SettleAsync(LedgerSettlement settlement, CancellationToken cancellationToken) =>
        TryAsync(store => store.SettleAsync(settlement, cancellationToken), SettleOutcome.NotFound, isCapped: false);

    public ValueTask<SettleOutcome> ReleaseAsync(Guid id, CancellationToken cancellationToken) =>
        TryAsync(store => store.ReleaseAsync(id, cancellationToken), SettleOutcome.NotFound, isCapped: false);

    public ValueTask<LedgerBalance> GetBalanceAsync(LedgerAccount account, CancellationToken cancellationToken) =>
        TryAsync(store => store.GetBalanceAsync(account, cancellationToken), default, isCapped: true);

    public ValueTask<IReadOnlyList<UsageLine>> GetUsageAsync(UsageQuery query, CancellationToken cancellationToken) =>
        TryAsync(store => store.GetUsageAsync(query, cancellationToken), [], isCapped: true);

    public void Dispose() => _store?.Dispose();

    private async ValueTask<T> TryAsync<T>(Func<SqliteLedgerStore, ValueTask<T>> step, T otherwise, bool isCapped)
    {
        if ((_isBroken || path is null) && !isCapped)
        {
            return otherwise;
        }

        if (path is null)
        {
            throw new CliException($"A budget of the configuration needs a ledger, and none is kept. Set {Variable} to a file.");
        }

        try
        {
            SqliteLedgerStore store;
            lock (_lock)
            {
                store = _store ??= new SqliteLedgerStore(new SqliteLedgerOptions { Path = path });
            }

            return await step(store);
        }
        catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            string fix = $"Set {Variable} to a file that can be written, or to '{Off}'.";
            if (isCapped)
            {
                throw new CliException($"The ledger '{path}' cannot be used: {error.Message} {fix}");
            }

            lock (_lock)
            {
                if (!_isBroken)
                {
                    _isBroken = true;
                    terminal.Hint($"Usage is not recorded: the ledger '{path}' cannot be written ({error.Message}). {fix}");
                }
            }

            return otherwise;
        }
    }
}
