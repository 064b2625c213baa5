namespace Ensemble;

/// <summary>Says when a budget starts anew, by the calendar of its time zone.</summary>
public enum BudgetPeriod
{
    /// <summary>Never.</summary>
    Ever = 0,

    /// <summary>At each midnight.</summary>
    Day,

    /// <summary>At midnight before the first day of each month.</summary>
    Month,
}
