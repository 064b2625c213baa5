using System.Globalization;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// What one request may still spend under its price ceiling. Each attempt takes what it can cost at most before it starts; once it has
/// ended it gives back what it was not billed. What nobody can tell stays taken. Thread-safe.
/// </summary>
internal sealed class CeilingPurse(decimal ceilingUsd, IReadOnlyDictionary<Member, PriceBound> bounds, IReadOnlyList<ChatMessage> planned)
{
    // The rule that is checked again before the call reckons in doubles and errs on the safe side by less than this: the purse must not lend what it refuses.
    private readonly decimal _lendable = ceilingUsd * (1 - 2e-12m);
    private readonly Lock _lock = new();
    private decimal _billed;
    private decimal _open;
    private decimal? _refused;

    /// <summary>Gets the messages that the bounds were made for.</summary>
    public IReadOnlyList<ChatMessage> Planned => planned;

    /// <summary>Takes what an attempt can cost at most.</summary>
    /// <param name="member">Whom it asks.</param>
    /// <param name="moreInput">By how much its prompt is longer than the one that was planned for.</param>
    /// <returns><see langword="null"/> when what is left does not pay the answer that the member would have to be able to give.</returns>
    public CeilingLoan? TryTake(Member member, long moreInput)
    {
        PriceBound bound = bounds[member];
        long input = bound.InputTokens + moreInput;
        lock (_lock)
        {
            decimal left = Math.Max(0, _lendable - _billed - _open);
            long pays = CostBounds.AffordableOutputTokens(bound.Price, input, left) ?? 0;
            if (pays < bound.NeededOutput)
            {
                decimal asked = CostBounds.UpperUsd(bound.Price, input, bound.NeededOutput) ?? 0;
                _refused = Math.Min(asked, _refused ?? asked);
                return null;
            }

            long most = Math.Min(pays, bound.MostOutput);
            decimal usd = CostBounds.UpperUsd(bound.Price, input, most) ?? 0;
            _open += usd;
            return new CeilingLoan(this, bound, usd, pays < bound.MostOutput ? pays : null);
        }
    }

    /// <summary>Gets what it could still lend, in US dollars.</summary>
    public decimal Left
    {
        get
        {
            lock (_lock)
            {
                return Math.Max(0, _lendable - _billed - _open);
            }
        }
    }

    /// <summary>Lends more to an attempt that has a loan.</summary>
    public bool TryLend(decimal usd)
    {
        lock (_lock)
        {
            if (usd > _lendable - _billed - _open)
            {
                return false;
            }

            _open += usd;
            return true;
        }
    }

    /// <summary>Says what is left, for the receipt.</summary>
    public string Describe()
    {
        lock (_lock)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"of the price ceiling of ${ceilingUsd:0.######}, ${_billed:0.######} is billed and ${_open:0.######} may still be, and what is left does not pay it");
        }
    }

    /// <summary>Makes the error of a request that could not be paid for to its end.</summary>
    public BudgetExceededException Refuse(string router, string attempts, Exception? last)
    {
        lock (_lock)
        {
            return new BudgetExceededException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{router}: the price ceiling of ${ceilingUsd:0.######} pays for no further attempt, of which the least could cost ${_refused:0.######}: ${_billed:0.######} is billed and ${_open:0.######} may still be. Raise MaxUsd, or set or lower MaxOutputTokens so that it pays for more than one attempt. {attempts}"),
                last)
            {
                CapUsd = ceilingUsd,
                SpentUsd = _billed,
                ReservedUsd = _open,
                AskedUsd = _refused ?? 0,
            };
        }
    }

    internal void Close(decimal takenUsd, decimal billedUsd)
    {
        lock (_lock)
        {
            _open -= takenUsd;
            _billed += billedUsd;
        }
    }
}
