namespace Ensemble;

/// <summary>The accounts of one request's own budgets: they live and die with it, count no usage and need no sweep. Thread-safe by one short lock.</summary>
internal sealed class RequestPurse
{
    private readonly Lock _lock = new();
    private readonly LedgerMachine _machine = new();

    public ReserveOutcome Reserve(LedgerReservation reservation)
    {
        lock (_lock)
        {
            return _machine.Reserve(reservation);
        }
    }

    public void Settle(Guid id, long? nanoUsd, DateTimeOffset at)
    {
        lock (_lock)
        {
            _ = _machine.Settle(id, nanoUsd, at, usage: default, [], out _);
        }
    }

    public void Release(Guid id)
    {
        lock (_lock)
        {
            _ = _machine.Release(id);
        }
    }

    public LedgerBalance Balance(LedgerAccount account)
    {
        lock (_lock)
        {
            return _machine.Balance(account);
        }
    }
}
