namespace Ensemble.Cli;

/// <summary>One account of a budget.</summary>
/// <param name="Name">The budget.</param>
/// <param name="Subject">The model; empty when all spending counts.</param>
/// <param name="Usd">The cap in US dollars.</param>
/// <param name="SpentUsd">What is booked.</param>
/// <param name="ReservedUsd">What calls under way have reserved.</param>
/// <param name="LeftUsd">What can still be spent.</param>
/// <param name="ResetsAt">When it starts anew.</param>
internal sealed record BudgetLine(string Name, string Subject, decimal Usd, decimal SpentUsd, decimal ReservedUsd, decimal LeftUsd, DateTimeOffset? ResetsAt);
