namespace Ensemble;

/// <summary>What a callback is told about a call that a budget cannot pay. It holds no prompt.</summary>
public readonly struct BudgetQuestion
{
    internal BudgetQuestion(Budget budget, SpendContext context, string model, LedgerBalance balance, decimal askedUsd, DateTimeOffset? resetsAt)
    {
        Budget = budget;
        Tenant = context.Tenant;
        ConversationId = context.ConversationId;
        Model = model;
        SpentUsd = NanoUsd.ToUsd(balance.SpentNanoUsd);
        ReservedUsd = NanoUsd.ToUsd(balance.ReservedNanoUsd);
        AskedUsd = askedUsd;
        ResetsAt = resetsAt;
    }

    /// <summary>Gets the budget.</summary>
    public Budget Budget { get; }

    /// <summary>Gets the tenant; <see langword="null"/> when there is none.</summary>
    public string? Tenant { get; }

    /// <summary>Gets the conversation; <see langword="null"/> when there is none.</summary>
    public string? ConversationId { get; }

    /// <summary>Gets the model that would be called.</summary>
    public string Model { get; }

    /// <summary>Gets what is booked, in US dollars.</summary>
    public decimal SpentUsd { get; }

    /// <summary>Gets what calls under way have reserved, in US dollars.</summary>
    public decimal ReservedUsd { get; }

    /// <summary>Gets the most that the call can cost, in US dollars.</summary>
    public decimal AskedUsd { get; }

    /// <summary>Gets when the budget starts anew; <see langword="null"/> when it never does.</summary>
    public DateTimeOffset? ResetsAt { get; }
}
