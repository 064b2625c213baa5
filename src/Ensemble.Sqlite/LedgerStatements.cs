using Microsoft.Data.Sqlite;

namespace Ensemble.Sqlite;

/// <summary>The statements of the store, prepared once for its connection.</summary>
internal sealed class LedgerStatements(SqliteConnection connection) : IDisposable
{
    public Statement FindBooking { get; } = new(connection, "SELECT state, nano, model, tenant, quarter FROM bookings WHERE id = ?1", 1);

    public Statement AddBooking { get; } = new(connection, "INSERT INTO bookings VALUES (?1, 0, ?2, ?3, ?4, ?5, ?6)", 6);

    public Statement SetState { get; } = new(connection, "UPDATE bookings SET state = ?2 WHERE id = ?1", 2);

    public Statement AddEntry { get; } = new(connection, "INSERT INTO entries VALUES (?1, ?2, ?3, ?4)", 4);

    public Statement FindEntries { get; } = new(connection, """
        SELECT e.budget, e.subject, e.window, a.spent, a.reserved FROM entries e
        JOIN accounts a ON a.budget = e.budget AND a.subject = e.subject AND a.window = e.window WHERE e.id = ?1
        """, 1);

    public Statement FindAccount { get; } = new(connection, "SELECT spent, reserved FROM accounts WHERE budget = ?1 AND subject = ?2 AND window = ?3", 3);

    public Statement SetAccount { get; } = new(connection, """
        INSERT INTO accounts (budget, subject, window, spent, reserved) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT DO UPDATE SET spent = excluded.spent, reserved = excluded.reserved
        """, 5);

    // A clock that was set back never shortens what an account was promised.
    public Statement KeepAccount { get; } = new(connection, "UPDATE accounts SET forget = max(forget, ?4) WHERE budget = ?1 AND subject = ?2 AND window = ?3", 4);

    public Statement ForgetIdle { get; } = new(connection, "DELETE FROM accounts WHERE reserved = 0 AND forget > 0 AND forget <= ?1", 1);

    public Statement FindExpired { get; } = new(connection, "SELECT id, nano, model, tenant, quarter FROM bookings WHERE state = 0 AND expires <= ?1", 1);

    public Statement AddUsage { get; } = new(connection, """
        INSERT INTO usage VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        ON CONFLICT DO UPDATE SET calls = calls + excluded.calls, input = input + excluded.input, cached = cached + excluded.cached,
            output = output + excluded.output, cost = cost + excluded.cost, unpriced = unpriced + excluded.unpriced, estimated = estimated + excluded.estimated
        """, 10);

    public Statement FindUsage { get; } = new(connection, """
        SELECT quarter, model, tenant, calls, input, cached, output, cost, unpriced, estimated FROM usage
        WHERE quarter >= ?1 AND quarter < ?2 AND calls <> 0 AND (?3 = 0 OR model = ?4) AND (?5 = 0 OR tenant = ?6)
        """, 6);

    public Statement ForgetEntries { get; } = new(connection, "DELETE FROM entries WHERE id IN (SELECT id FROM bookings WHERE state > 0 AND expires < ?1)", 1);

    public Statement ForgetBookings { get; } = new(connection, "DELETE FROM bookings WHERE state > 0 AND expires < ?1", 1);

    public Statement ForgetUsage { get; } = new(connection, "DELETE FROM usage WHERE quarter < ?1", 1);

    // Months have six digits and days eight.
    public Statement ForgetAccounts { get; } = new(connection, """
        DELETE FROM accounts WHERE reserved = 0 AND (window BETWEEN 1 AND 999999 AND window < ?1 OR window > 999999 AND window < ?2)
        """, 2);

    public void Dispose()
    {
        foreach (Statement statement in (Statement[])
            [FindBooking, AddBooking, SetState, AddEntry, FindEntries, FindAccount, SetAccount, FindExpired, AddUsage, FindUsage, ForgetEntries, ForgetBookings, ForgetUsage, ForgetAccounts, KeepAccount, ForgetIdle])
        {
            statement.Dispose();
        }
    }
}
