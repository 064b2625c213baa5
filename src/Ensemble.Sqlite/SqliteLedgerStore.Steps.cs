using Microsoft.Data.Sqlite;

namespace Ensemble.Sqlite;

/// <content>The steps of the ledger, each within one transaction.</content>
public sealed partial class SqliteLedgerStore
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);

    // A reservation may be for as long as time goes; no call takes longer than this.
    private static readonly TimeSpan LongestCall = TimeSpan.FromDays(1);
    private DateTimeOffset _nextSweep = DateTimeOffset.MinValue;

    private enum BookingState
    {
        Open = 0,
        Closed = 1,
        Expired = 2,
    }

    private ReserveOutcome Reserve(SqliteTransaction transaction, LedgerReservation reservation)
    {
        if (reservation.At >= _nextSweep)
        {
            Sweep(transaction, reservation.At);
            _nextSweep = reservation.At + SweepEvery;
        }

        byte[] id = Key(reservation.Id);
        if (Find(transaction, id) is not null)
        {
            return ReserveOutcome.Accepted;
        }

        foreach (LedgerAccount account in reservation.Accounts)
        {
            LedgerBalance balance = Balance(transaction, account);
            if (!balance.CanPay(reservation.NanoUsd, account.CapNanoUsd))
            {
                return ReserveOutcome.Refused(account, balance);
            }
        }

        _ = _sql.AddBooking.Run(transaction, id, reservation.NanoUsd, reservation.Model, reservation.Tenant ?? "",
            Quarters.Of(reservation.At), reservation.ExpiresAt.ToUnixTimeMilliseconds());
        foreach (LedgerAccount account in reservation.Accounts)
        {
            LedgerBalance balance = Balance(transaction, account);
            Set(transaction, account, balance.SpentNanoUsd, NanoUsd.Add(balance.ReservedNanoUsd, reservation.NanoUsd));
            if (account.ForgetAfter is { } idle)
            {
                // The end of the call counts, which is not known yet; the reservation is given up at the latest by then.
                DateTimeOffset last = reservation.ExpiresAt < reservation.At + LongestCall ? reservation.ExpiresAt : reservation.At + LongestCall;
                _ = _sql.KeepAccount.Run(transaction, account.Budget, account.Subject, account.Window, last.ToUnixTimeMilliseconds() + (long)idle.TotalMilliseconds);
            }

            _ = _sql.AddEntry.Run(transaction, id, account.Budget, account.Subject, account.Window);
        }

        return ReserveOutcome.Accepted;
    }

    private SettleOutcome Close(SqliteTransaction transaction, Guid guid, LedgerSettlement? settlement)
    {
        byte[] id = Key(guid);
        if (Find(transaction, id) is not { } booking)
        {
            return SettleOutcome.NotFound;
        }

        if (booking.State is BookingState.Closed)
        {
            return SettleOutcome.AlreadyClosed;
        }

        // An expired booking has been booked with its whole reserve; the truth replaces it.
        long cost = settlement is null ? 0 : settlement.NanoUsd ?? booking.NanoUsd;
        bool expired = booking.State is BookingState.Expired;
        Post(transaction, id, expired ? cost - booking.NanoUsd : cost, expired ? 0 : -booking.NanoUsd);
        _ = _sql.SetState.Run(transaction, id, (long)BookingState.Closed);
        if (expired)
        {
            CountExpired(transaction, booking, -1);
        }

        if (settlement is not null)
        {
            Count(transaction, booking, 1, settlement.InputTokens, settlement.CachedInputTokens, settlement.OutputTokens,
                settlement.NanoUsd ?? 0, settlement.NanoUsd is null ? 1 : 0, settlement.Source is UsageSource.Reported ? 0 : 1);
        }

        return cost > booking.NanoUsd ? SettleOutcome.OverReserve : SettleOutcome.Settled;
    }

    private LedgerBalance Balance(SqliteTransaction transaction, LedgerAccount account)
    {
        using SqliteDataReader reader = _sql.FindAccount.Read(transaction, account.Budget, account.Subject, account.Window);
        return reader.Read() ? new LedgerBalance(reader.GetInt64(0), reader.GetInt64(1)) : default;
    }

    private void Sweep(SqliteTransaction transaction, DateTimeOffset now)
    {
        List<(byte[] Id, Booking Booking)> expired = [];
        using (SqliteDataReader reader = _sql.FindExpired.Read(transaction, now.ToUnixTimeMilliseconds()))
        {
            while (reader.Read())
            {
                expired.Add((reader.GetFieldValue<byte[]>(0), new Booking(BookingState.Open, reader.GetInt64(1), reader.GetString(2), reader.GetString(3), reader.GetInt64(4))));
            }
        }

        foreach ((byte[] id, Booking booking) in expired)
        {
            Post(transaction, id, booking.NanoUsd, -booking.NanoUsd);
            _ = _sql.SetState.Run(transaction, id, (long)BookingState.Expired);
            CountExpired(transaction, booking, 1);
        }

        long forgotten = (now - _options.RememberClosedFor).ToUnixTimeMilliseconds();
        DateTimeOffset oldest = now - _options.KeepUsageFor;
        _ = _sql.ForgetEntries.Run(transaction, forgotten);
        _ = _sql.ForgetBookings.Run(transaction, forgotten);
        _ = _sql.ForgetIdle.Run(transaction, now.ToUnixTimeMilliseconds());
        _ = _sql.ForgetUsage.Run(transaction, Quarters.Of(oldest));
        _ = _sql.ForgetAccounts.Run(transaction, (oldest.Year * 100) + oldest.Month, (oldest.Year * 10_000) + (oldest.Month * 100) + oldest.Day);
    }

    private void Post(SqliteTransaction transaction, byte[] id, long spent, long reserved)
    {
        List<(LedgerAccount Account, LedgerBalance Balance)> entries = [];
        using (SqliteDataReader reader = _sql.FindEntries.Read(transaction, id))
        {
            while (reader.Read())
            {
                entries.Add((new LedgerAccount(reader.GetString(0), reader.GetString(1), reader.GetInt32(2), 0), new LedgerBalance(reader.GetInt64(3), reader.GetInt64(4))));
            }
        }

        foreach ((LedgerAccount account, LedgerBalance balance) in entries)
        {
            Set(transaction, account, NanoUsd.Add(balance.SpentNanoUsd, spent), NanoUsd.Add(balance.ReservedNanoUsd, reserved));
        }
    }

    private void Set(SqliteTransaction transaction, LedgerAccount account, long spent, long reserved) =>
        _ = _sql.SetAccount.Run(transaction, account.Budget, account.Subject, account.Window, spent, reserved);

    private void CountExpired(SqliteTransaction transaction, Booking booking, int sign) =>
        Count(transaction, booking, sign, 0, 0, 0, sign * booking.NanoUsd, 0, sign);

    // All figures of a booking stand in the quarter of its reservation, so that a correction meets what it corrects.
    private void Count(SqliteTransaction transaction, Booking booking, long calls, long input, long cached, long output, long cost, long unpriced, long estimated) =>
        _ = _sql.AddUsage.Run(transaction, booking.Quarter, booking.Model, booking.Tenant, calls, input, cached, output, cost, unpriced, estimated);

    private Booking? Find(SqliteTransaction transaction, byte[] id)
    {
        using SqliteDataReader reader = _sql.FindBooking.Read(transaction, id);
        return reader.Read() ? new Booking((BookingState)reader.GetInt64(0), reader.GetInt64(1), reader.GetString(2), reader.GetString(3), reader.GetInt64(4)) : null;
    }

    // Big-endian keeps ids that grow with time (version 7) side by side in the file.
    private static byte[] Key(Guid id) => id.ToByteArray(bigEndian: true);

    private sealed record Booking(BookingState State, long NanoUsd, string Model, string Tenant, long Quarter);
}
