using Microsoft.Extensions.AI;

namespace Ensemble;

// What limits the calls of one attempt besides the ledger: attempts, and a price ceiling, under which a repair is a call too.
internal sealed partial class ModelPayment
{
    // Most calls have none, and two amounts of money are 48 bytes.
    private Ceiling? _ceiling;

    /// <summary>Gets or sets what the call has taken under the price ceiling of its attempt; <see langword="null"/> when nothing was taken, or it was given back.</summary>
    public decimal? TakenUsd
    {
        get => _ceiling?.TakenUsd;
        set
        {
            if (value is not null || _ceiling is not null)
            {
                (_ceiling ??= new()).TakenUsd = value;
            }
        }
    }

    /// <summary>Gets what the router that pays has taken for the call under a price ceiling; <see langword="null"/> when it has taken nothing.</summary>
    public CeilingLoan? Loan { get; init; }

    /// <summary>Gets or sets the price ceiling of a call that nothing was taken for, in US dollars; <see langword="null"/> for none.</summary>
    public decimal? CeilingUsd
    {
        get => _ceiling?.Usd;
        set
        {
            if (value is not null || _ceiling is not null)
            {
                (_ceiling ??= new()).Usd = value;
            }
        }
    }

    /// <summary>Gets whether nobody else counts the call as an attempt of its request: the model was asked by its own name, in one of the turns of a request.</summary>
    public bool CountsItself { get; init; }

    /// <summary>Takes the attempt of a call that nobody else counts.</summary>
    public bool TryTakeAttempt() => !CountsItself || _envelope is null || _envelope.TryTakeTurn();

    /// <summary>Gets whether something limits how often the leaf may call its provider, besides the money that is set aside for two calls.</summary>
    public bool LimitsCalls => _envelope is not null ? _envelope.LimitsAttempts || IsUnderCeiling : _request is { MaxAttempts: not null } || IsUnderCeiling;

    /// <summary>Gets whether a further call of the leaf was refused, so that its answer stayed as it was.</summary>
    public bool IsLimited { get; private set; }

    /// <summary>Takes an attempt, and what it can cost under the price ceiling, for a further call of the leaf.</summary>
    /// <param name="used">What the provider reported of the calls before it.</param>
    /// <returns><see langword="false"/> when no attempt is left, or the ceiling does not pay it.</returns>
    public bool TryTakeFurther(UsageDetails? used)
    {
        if (!(_envelope?.TryTakeAttempt() ?? _request is not { MaxAttempts: <= 1 }))
        {
            IsLimited = true;
            return false;
        }

        if (!IsUnderCeiling || TryTakeUsd(used))
        {
            return true;
        }

        _envelope?.GiveAttemptBack();
        IsLimited = true;
        return false;
    }

    private bool IsUnderCeiling => TakenUsd is not null || Loan is not null || CeilingUsd is not null;

    private bool TryTakeUsd(UsageDetails? used)
    {
        if (BothUsd(used) is not { } both)
        {
            return false;
        }

        if (Loan is { } loan)
        {
            return loan.TryGrow(both - loan.Usd);
        }

        if (TakenUsd is { } taken)
        {
            decimal more = Math.Max(0, both - taken);
            if (!_request!.Calls!.TryGrow(CeilingUsd ?? 0, more))
            {
                return false;
            }

            TakenUsd = taken + more;
            return true;
        }

        return both <= CeilingUsd;
    }

    // What the first call was billed and what the second can cost at most, which is sent the first one's answer too.
    private decimal? BothUsd(UsageDetails? used)
    {
        Price price = _model!.Price;
        if (used is not { InputTokenCount: { } reported, OutputTokenCount: { } came })
        {
            return Most();
        }

        long answer = Math.Max(0, came);
        return ((long?)Options?.MaxOutputTokens ?? _model.OutputLimit) is { } output && InputTokens() is { } input
            ? price.CostUsd(Math.Max(0, reported), answer) + CostBounds.UpperUsd(price, input + answer + RepairFrame, output)
            : null;
    }

    /// <summary>Gives back what the call was not billed of what it has taken under a price ceiling. What nobody reported stays taken.</summary>
    public void CloseCeiling()
    {
        if (TakenUsd is { } taken)
        {
            TakenUsd = null;
            decimal billed = CostUsd is { } usd && (Source is UsageSource.Reported || usd == 0) ? usd : Math.Max(taken, CostUsd ?? 0);
            _request!.Calls!.Close(taken, billed);
        }
    }

    /// <summary>Keeps that a price ceiling limited the answer.</summary>
    public void Limited(string note) => _remarks = Join(note, _remarks);

    private sealed class Ceiling
    {
        public decimal? TakenUsd { get; set; }

        public decimal? Usd { get; set; }
    }
}
