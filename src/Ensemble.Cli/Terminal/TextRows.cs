using Spectre.Console;

namespace Ensemble.Cli;

/// <summary>Rows of tables whose cells say what users, models and files wrote.</summary>
internal static class TextRows
{
    /// <summary>Adds a row of cells that are shown as they are: markup, even escaped, would take the <c>:key:</c> of a text for the name of an emoji.</summary>
    public static void AddTextRow(this Table table, params IEnumerable<string> cells) => table.AddRow(cells.Select(cell => new Text(cell)));
}
