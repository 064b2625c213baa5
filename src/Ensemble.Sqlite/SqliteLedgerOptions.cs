namespace Ensemble.Sqlite;

/// <summary>Settings of a <see cref="SqliteLedgerStore"/>.</summary>
public sealed class SqliteLedgerOptions
{
    /// <summary>Gets or sets the database file; its folder is created. It must be on a local disk: SQLite's locks do not hold on network shares.</summary>
    /// <value>The default value is <c>ensemble/ledger.db</c> in the user's local application data, which all processes of the user share.</value>
    public string Path { get; set; } = System.IO.Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "ensemble", "ledger.db");

    /// <summary>Gets or sets whether each booking is flushed to the disk before it counts. Without it a crash of the process still loses nothing, but one of the machine may lose the last bookings.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool SurvivePowerLoss { get; set; } = true;

    /// <summary>Gets or sets how long to wait for another process that is writing.</summary>
    /// <value>The default value is 10 seconds.</value>
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets how long usage and the accounts of past windows are kept.</summary>
    /// <value>The default value is 400 days.</value>
    public TimeSpan KeepUsageFor { get; set; } = TimeSpan.FromDays(400);

    /// <summary>Gets or sets how long a closed booking is remembered, so that a retry of its settlement books nothing.</summary>
    /// <value>The default value is 7 days.</value>
    public TimeSpan RememberClosedFor { get; set; } = TimeSpan.FromDays(7);
}
