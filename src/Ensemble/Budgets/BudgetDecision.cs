namespace Ensemble;

/// <summary>What happens to a call that a budget cannot pay. Immutable and safe to share.</summary>
public sealed class BudgetDecision
{
    private BudgetDecision(string? member, bool allows)
    {
        Member = member;
        Allows = allows;
    }

    /// <summary>Gets the decision that the call is not made; the request ends with a <see cref="BudgetExceededException"/> when nobody else can be paid.</summary>
    public static BudgetDecision Refuse { get; } = new(null, allows: false);

    /// <summary>Gets the decision that this one call may pass the cap: it is booked like any other, the receipt says so, and the budget stays exhausted.</summary>
    public static BudgetDecision Allow { get; } = new(null, allows: true);

    /// <summary>Gets the member that answers instead; <see langword="null"/> when nobody does.</summary>
    public string? Member { get; }

    internal bool Allows { get; }

    /// <summary>Makes the decision that a cheaper or local member answers the request when nobody who was configured for it can be paid.</summary>
    /// <param name="member">The name of a model or composition.</param>
    /// <returns>The decision.</returns>
    /// <exception cref="ArgumentException"><paramref name="member"/> is empty.</exception>
    public static BudgetDecision DegradeTo(string member)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(member);
        return new BudgetDecision(member, allows: false);
    }

    /// <inheritdoc/>
    public override string ToString() => Allows ? "allow" : Member ?? "refuse";
}
