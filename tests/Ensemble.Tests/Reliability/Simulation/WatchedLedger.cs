namespace Ensemble.Tests.Reliability;

/// <summary>
/// A ledger's store with a second pair of eyes: it adds up by itself what each account has spent and reserved, what each request has cost,
/// and what was booked as reported, and says when a cap is passed. A request is known by its tenant, which the store behind never sees.
/// </summary>
internal sealed class WatchedLedger(ILedgerStore inner, Action<string> violated) : ILedgerStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, LedgerReservation> _open = [];
    private readonly Dictionary<(string Budget, int Window), (long Spent, long Reserved)> _accounts = [];
    private readonly Dictionary<string, (int Open, long Cost)> _requests = [];

    /// <summary>Gets what was booked as reported by a provider.</summary>
    public (long InputTokens, long OutputTokens, long NanoUsd) Reported { get; private set; }

    /// <summary>Gets how many windows of calendar budgets were paid from.</summary>
    public int Windows => _accounts.Count;

    /// <summary>Gets how often a cap refused.</summary>
    public int Refusals { get; private set; }

    /// <summary>Tells what a request has cost, and forgets it; <see langword="null"/> when a call of it is not settled yet.</summary>
    public decimal? TakeCost(string request)
    {
        lock (_lock)
        {
            _ = _requests.Remove(request, out (int Open, long Cost) known);
            return known.Open == 0 ? NanoUsd.ToUsd(known.Cost) : null;
        }
    }

    public async ValueTask<ReserveOutcome> ReserveAsync(LedgerReservation reservation, CancellationToken cancellationToken)
    {
        LedgerReservation nameless = new()
        {
            Id = reservation.Id,
            NanoUsd = reservation.NanoUsd,
            Accounts = reservation.Accounts,
            Model = reservation.Model,
            At = reservation.At,
            ExpiresAt = reservation.ExpiresAt,
        };
        ReserveOutcome outcome = await inner.ReserveAsync(nameless, cancellationToken);
        lock (_lock)
        {
            if (!outcome.IsAccepted)
            {
                Refusals++;
                return outcome;
            }

            _open.Add(reservation.Id, reservation);
            Request(reservation, open: 1, cost: 0);
            foreach (LedgerAccount account in reservation.Accounts)
            {
                (long spent, long reserved) = Post(account, 0, reservation.NanoUsd);
                if (spent + reserved > account.CapNanoUsd)
                {
                    violated($"{account}: {spent} spent and {reserved} reserved of {account.CapNanoUsd} nano-dollars");
                }
            }
        }

        return outcome;
    }

    public ValueTask<SettleOutcome> SettleAsync(LedgerSettlement settlement, CancellationToken cancellationToken)
    {
        Close(settlement.Id, settlement);
        return inner.SettleAsync(settlement, cancellationToken);
    }

    public ValueTask<SettleOutcome> ReleaseAsync(Guid id, CancellationToken cancellationToken)
    {
        Close(id, null);
        return inner.ReleaseAsync(id, cancellationToken);
    }

    public ValueTask<LedgerBalance> GetBalanceAsync(LedgerAccount account, CancellationToken cancellationToken) => inner.GetBalanceAsync(account, cancellationToken);

    public ValueTask<IReadOnlyList<UsageLine>> GetUsageAsync(UsageQuery query, CancellationToken cancellationToken) => inner.GetUsageAsync(query, cancellationToken);

    private void Close(Guid id, LedgerSettlement? settlement)
    {
        lock (_lock)
        {
            if (!_open.Remove(id, out LedgerReservation? reservation))
            {
                violated("a booking is closed twice");
                return;
            }

            long cost = settlement is null ? 0 : settlement.NanoUsd ?? reservation.NanoUsd;
            Request(reservation, open: -1, cost);
            foreach (LedgerAccount account in reservation.Accounts)
            {
                _ = Post(account, cost, -reservation.NanoUsd);
            }

            if (settlement?.Source is UsageSource.Reported)
            {
                Reported = (Reported.InputTokens + settlement.InputTokens, Reported.OutputTokens + settlement.OutputTokens, Reported.NanoUsd + cost);
            }
        }
    }

    private (long Spent, long Reserved) Post(LedgerAccount account, long spent, long reserved)
    {
        (long Spent, long Reserved) balance = _accounts.GetValueOrDefault((account.Budget, account.Window));
        return _accounts[(account.Budget, account.Window)] = (balance.Spent + spent, balance.Reserved + reserved);
    }

    // What is settled after its request was told is told no more.
    private void Request(LedgerReservation reservation, int open, long cost)
    {
        if (reservation.Tenant is { } request && (open > 0 || _requests.ContainsKey(request)))
        {
            (int Open, long Cost) known = _requests.GetValueOrDefault(request);
            _requests[request] = (known.Open + open, known.Cost + cost);
        }
    }
}
