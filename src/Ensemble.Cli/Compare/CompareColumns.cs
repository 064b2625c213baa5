using Spectre.Console;
using Spectre.Console.Rendering;

namespace Ensemble.Cli;

/// <summary>Shows the answers in columns that grow as the models speak, and whole when all are done.</summary>
internal static class CompareColumns
{
    // Ten pictures a second: faster than anybody reads, and no work to speak of.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // Lines of the window that are no text: borders, the heading, the facts below, the cursor's line.
    private const int Furniture = 7;

    /// <summary>Shows the columns until the models are done.</summary>
    public static async Task ShowAsync(IAnsiConsole console, IReadOnlyList<CompareLane> lanes, Task models, TimeProvider time, CancellationToken cancellationToken)
    {
        await console.Live(Render(console, lanes, isLive: true)).AutoClear(true).StartAsync(async live =>
        {
            while (!models.IsCompleted)
            {
                await Task.WhenAny(models, Task.Delay(Pause, time, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
                live.UpdateTarget(Render(console, lanes, isLive: true));
            }
        });
        await models;
        console.Write(Render(console, lanes, isLive: false));
    }

    /// <summary>Draws the columns. While models speak, each shows the end of its answer that fits the window.</summary>
    public static IRenderable Render(IAnsiConsole console, IReadOnlyList<CompareLane> lanes, bool isLive)
    {
        int width = Math.Max(8, (console.Profile.Width - 1) / lanes.Count - 3);
        int lines = isLive ? Math.Max(3, console.Profile.Height - Furniture) : int.MaxValue;
        Table table = new Table().Border(TableBorder.Rounded);
        foreach (CompareLane lane in lanes)
        {
            table.AddColumn(new TableColumn(new Text(lane.Name, new Style(decoration: Decoration.Bold))) { Width = width });
        }

        table.AddRow(lanes.Select(lane => TextOf(lane, width, lines)));
        table.AddRow(lanes.Select(lane => new Text(lane.Result?.Facts ?? "…", new Style(Color.Grey))));
        return table;
    }

    // Markup would take the ":key:" of an answer for the name of an emoji.
    private static Paragraph TextOf(CompareLane lane, int width, int lines)
    {
        string text = End(lane.Result?.Text ?? lane.Text, width, lines);
        Paragraph cell = new(text);
        return lane.Result?.Error is { } error ? cell.Append(text.Length > 0 ? "\n" : "").Append("error:", new Style(Color.Red)).Append($" {error}") : cell;
    }

    // The last lines as they will be broken, counted by letters: near enough for a picture that lasts a tenth of a second.
    private static string End(string text, int width, int lines)
    {
        if (lines == int.MaxValue)
        {
            return text.TrimEnd('\n');
        }

        string[] all = text.TrimEnd('\n').Split('\n');
        int room = lines;
        int first = all.Length;
        while (first > 0 && room > 0)
        {
            first--;
            room -= 1 + all[first].Length / width;
        }

        string end = string.Join('\n', all[first..]);
        int most = lines * width;
        return end.Length <= most ? end : end[^most..];
    }
}
