namespace Ensemble;

/// <summary>A cap on spending: how much, for whom, and for how long until it starts anew. Immutable and safe to share.</summary>
public sealed class Budget
{
    /// <summary>Creates a budget.</summary>
    /// <param name="name">The name, which stands in errors and reports.</param>
    /// <param name="usd">The cap in US dollars; 0 forbids all spending.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="usd"/> is negative.</exception>
    public Budget(string name, decimal usd)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        CapNanoUsd = NanoUsd.CapFromUsd(usd);
        Name = name;
        Usd = usd;
    }

    /// <summary>Gets the name, which stands in errors and reports.</summary>
    public string Name { get; }

    /// <summary>Gets the cap in US dollars.</summary>
    public decimal Usd { get; }

    /// <summary>Gets whose spending is added up.</summary>
    /// <value>The default value is <see cref="BudgetScope.Everything"/>.</value>
    public BudgetScope Scope { get; init; }

    /// <summary>Gets when the budget starts anew.</summary>
    /// <value>The default value is <see cref="BudgetPeriod.Ever"/>.</value>
    public BudgetPeriod Per { get; init; }

    /// <summary>Gets the time zone whose calendar counts.</summary>
    /// <value>The default value is UTC.</value>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    internal long CapNanoUsd { get; }

    /// <summary>Finds the account that a booking falls on; <see langword="null"/> when the budget does not concern it.</summary>
    internal LedgerAccount? AccountFor(SpendContext request, string model, DateTimeOffset now)
    {
        string? subject = Scope switch
        {
            BudgetScope.Tenant => request.Tenant ?? "",
            BudgetScope.Model => model,
            BudgetScope.Conversation => request.ConversationId,
            _ => "",
        };

        return subject is null ? null : new LedgerAccount(Name, subject, CalendarWindow.Of(Per, TimeZone, now), CapNanoUsd);
    }
}
