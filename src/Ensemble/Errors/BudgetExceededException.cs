using System.Globalization;

namespace Ensemble;

/// <summary>A budget cannot pay for a call; nothing was sent.</summary>
public sealed class BudgetExceededException : EnsembleException
{
    /// <summary>Creates the error.</summary>
    public BudgetExceededException()
    {
    }

    /// <summary>Creates the error with a message.</summary>
    /// <param name="message">The message: the budget, its cap, and the fix.</param>
    public BudgetExceededException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error with a message and its cause.</summary>
    /// <param name="message">The message: the budget, its cap, and the fix.</param>
    /// <param name="innerException">The cause.</param>
    public BudgetExceededException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Gets the name of the budget.</summary>
    public string? Budget { get; init; }

    /// <summary>Gets the cap in US dollars.</summary>
    public decimal CapUsd { get; init; }

    /// <summary>Gets what is booked, in US dollars.</summary>
    public decimal SpentUsd { get; init; }

    /// <summary>Gets what calls under way have reserved, in US dollars.</summary>
    public decimal ReservedUsd { get; init; }

    /// <summary>Gets the upper bound that was asked for, in US dollars.</summary>
    public decimal AskedUsd { get; init; }

    /// <summary>Gets when the budget starts anew; <see langword="null"/> when it never does.</summary>
    public DateTimeOffset? ResetsAt { get; init; }

    /// <summary>Gets the member that the budget says is to answer instead; <see langword="null"/> when nobody is.</summary>
    public string? DegradeTo { get; init; }

    /// <inheritdoc/>
    public override FailureClass FailureClass => FailureClass.QuotaExhausted;

    /// <summary>Returns the refusal of a budget behind an error; one that names who answers instead comes first.</summary>
    internal static BudgetExceededException? Behind(params ReadOnlySpan<Exception?> errors)
    {
        BudgetExceededException? found = null;
        foreach (Exception? error in errors)
        {
            BudgetExceededException? here = error as BudgetExceededException ?? (error as EnsembleException)?.Unpaid;
            found = found?.DegradeTo is null ? here ?? found : found;
        }

        return found;
    }

    internal static BudgetExceededException Create(Budget budget, LedgerBalance balance, decimal askedUsd, DateTimeOffset? resetsAt, string? degradeTo = null)
    {
        decimal spent = NanoUsd.ToUsd(balance.SpentNanoUsd);
        decimal reserved = NanoUsd.ToUsd(balance.ReservedNanoUsd);
        string until = resetsAt is { } reset ? string.Create(CultureInfo.InvariantCulture, $", wait until {reset:yyyy-MM-dd HH:mm} UTC") : "";
        return new BudgetExceededException(string.Create(
            CultureInfo.InvariantCulture,
            $"Budget '{budget.Name}' of ${budget.Usd:0.######} cannot pay ${askedUsd:0.######}: ${spent:0.######} is spent and ${reserved:0.######} reserved. Raise the cap, lower MaxOutputTokens{until}."))
        {
            Budget = budget.Name,
            CapUsd = budget.Usd,
            SpentUsd = spent,
            ReservedUsd = reserved,
            AskedUsd = askedUsd,
            ResetsAt = resetsAt,
            DegradeTo = degradeTo,
        };
    }
}
