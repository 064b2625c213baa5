using Spectre.Console;

namespace Ensemble.Cli;

/// <summary>Shows answers and accuracies to a person.</summary>
internal static class ClassifyTable
{
    /// <summary>Writes one line a text.</summary>
    public static void WriteAnswers(IAnsiConsole console, IReadOnlyList<ClassifyLine> lines)
    {
        Table table = new Table().Border(TableBorder.Simple)
            .AddColumn("label").AddColumn(new TableColumn("confidence").RightAligned()).AddColumn(new TableColumn("agreement").RightAligned()).AddColumn("text");
        foreach (ClassifyLine line in lines)
        {
            string mark = line.Expected is null || line.Expected == line.Label ? "" : $" (is {line.Expected})";
            table.AddTextRow(
                line.Label + mark,
                string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{100 * line.Confidence:0} %{(line.Defers ? " ?" : "")}"),
                string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{100 * line.Agreement:0} %"),
                line.Text);
        }

        console.Write(table);
    }

    /// <summary>Writes how often each way to use the members is right.</summary>
    public static void WriteAccuracies(IAnsiConsole console, IReadOnlyList<KeyValuePair<string, Accuracy>> rows)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("right answers").AddColumn(new TableColumn("accuracy (95 %)").RightAligned());
        foreach ((string name, Accuracy accuracy) in rows)
        {
            table.AddTextRow(name, accuracy.ToString());
        }

        console.Write(table);
    }
}
