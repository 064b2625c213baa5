namespace Ensemble;

/// <summary>How much of a budget is spent at one moment. Immutable.</summary>
public sealed class BudgetBalance
{
    /// <summary>Gets the budget.</summary>
    public required Budget Budget { get; init; }

    /// <summary>Gets the tenant, model or conversation whose account it is; empty when all spending is added up.</summary>
    public required string Subject { get; init; }

    /// <summary>Gets what is booked, in US dollars.</summary>
    public decimal SpentUsd { get; init; }

    /// <summary>Gets what calls under way have reserved, in US dollars.</summary>
    public decimal ReservedUsd { get; init; }

    /// <summary>Gets what the budget can still pay, in US dollars; never negative.</summary>
    public decimal LeftUsd { get; init; }

    /// <summary>Gets when the budget starts anew; <see langword="null"/> when it never does.</summary>
    public DateTimeOffset? ResetsAt { get; init; }
}
