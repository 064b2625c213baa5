using System.Globalization;
using Spectre.Console;

namespace Ensemble.Cli;

/// <summary>Shows scores to a person.</summary>
internal static class ScoreTable
{
    /// <summary>Writes the table.</summary>
    public static void Write(IAnsiConsole console, ScoreOutput output)
    {
        Table table = new Table().Border(TableBorder.Simple)
            .AddColumn("choice")
            .AddColumn(new TableColumn("share").RightAligned())
            .AddColumn(new TableColumn("log-likelihood").RightAligned())
            .AddColumn(new TableColumn("tokens").RightAligned())
            .AddColumn(new TableColumn("perplexity").RightAligned());
        foreach (ChoiceScore choice in output.Choices)
        {
            table.AddTextRow(
                choice.Choice,
                string.Create(CultureInfo.InvariantCulture, $"{choice.Share:P1}"),
                string.Create(CultureInfo.InvariantCulture, $"{choice.LogLikelihood:0.000}"),
                string.Create(CultureInfo.InvariantCulture, $"{choice.Tokens}"),
                string.Create(CultureInfo.InvariantCulture, $"{choice.Perplexity:0.00}"));
        }

        console.Write(table);
    }
}
