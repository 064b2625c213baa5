using System.Globalization;
using Spectre.Console;

namespace Ensemble.Cli;

/// <summary>Shows usage to a person.</summary>
internal static class UsageTable
{
    /// <summary>Writes the tables.</summary>
    public static void Write(IAnsiConsole console, UsageOutput output)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn(output.By);
        foreach (string column in (string[])["calls", "tokens in", "cached", "tokens out", "cost", "estimated"])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (UsageLine line in output.Lines.Append(output.Total))
        {
            table.AddTextRow(
                ReferenceEquals(line, output.Total) ? "total" : line.Key.Length == 0 ? "(none)" : line.Key,
                Number(line.Calls), Number(line.InputTokens), Number(line.CachedInputTokens), Number(line.OutputTokens), Cost(line), Number(line.EstimatedCalls));
        }

        console.Write(table);
        if (output.Budgets.Count == 0)
        {
            return;
        }

        Table budgets = new Table().Border(TableBorder.Simple).AddColumns("budget", "cap", "spent", "left", "starts anew");
        foreach (BudgetLine budget in output.Budgets)
        {
            budgets.AddTextRow(
                budget.Subject.Length == 0 ? budget.Name : $"{budget.Name} ({budget.Subject})", Usd(budget.Usd), Usd(budget.SpentUsd), Usd(budget.LeftUsd),
                budget.ResetsAt is { } at ? at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) : "never");
        }

        console.Write(budgets);
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Usd(decimal value) => string.Create(CultureInfo.InvariantCulture, $"${value:0.######}");

    // What nobody knows the price of is said, and never shown as nothing.
    private static string Cost(UsageLine line) => line.UnpricedCalls == 0 ? Usd(line.CostUsd) : $"{Usd(line.CostUsd)} + {line.UnpricedCalls} of unknown price";
}
