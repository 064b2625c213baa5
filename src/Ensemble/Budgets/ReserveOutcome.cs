using System.Diagnostics.CodeAnalysis;

namespace Ensemble;

/// <summary>Says whether money was reserved, and if not, which account could not pay.</summary>
public sealed class ReserveOutcome
{
    /// <summary>The answer for money that was reserved.</summary>
    public static readonly ReserveOutcome Accepted = new(null, default);

    private ReserveOutcome(LedgerAccount? refusedBy, LedgerBalance balance)
    {
        RefusedBy = refusedBy;
        Balance = balance;
    }

    /// <summary>Gets whether the money was reserved on all accounts.</summary>
    [MemberNotNullWhen(false, nameof(RefusedBy))]
    public bool IsAccepted => RefusedBy is null;

    /// <summary>Gets the first account that could not pay.</summary>
    public LedgerAccount? RefusedBy { get; }

    /// <summary>Gets what was booked and reserved on that account.</summary>
    public LedgerBalance Balance { get; }

    /// <summary>Makes the answer for money that was not reserved.</summary>
    /// <param name="account">The account that could not pay.</param>
    /// <param name="balance">What was booked and reserved on it.</param>
    /// <returns>The answer.</returns>
    public static ReserveOutcome Refused(LedgerAccount account, LedgerBalance balance) => new(account, balance);
}
