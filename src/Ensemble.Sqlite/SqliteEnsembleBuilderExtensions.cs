using Ensemble;
using Ensemble.Sqlite;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps an ensemble's money on disk.</summary>
public static class SqliteEnsembleBuilderExtensions
{
    /// <summary>Keeps the ledger in a SQLite file, unless another <see cref="ILedgerStore"/> is registered already.</summary>
    /// <param name="builder">The ensemble.</param>
    /// <param name="configure">Changes the settings; <see langword="null"/> for the defaults.</param>
    /// <returns>The ensemble.</returns>
    public static IEnsembleBuilder AddSqliteLedger(this IEnsembleBuilder builder, Action<SqliteLedgerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<ILedgerStore>(_ =>
        {
            SqliteLedgerOptions options = new();
            configure?.Invoke(options);
            return new SqliteLedgerStore(options);
        });
        return builder;
    }
}
