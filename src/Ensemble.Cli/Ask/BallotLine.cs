using Spectre.Console;

namespace Ensemble.Cli;

/// <summary>Shows one ballot as it arrives.</summary>
internal static class BallotLine
{
    private const int MaximumText = 60;

    /// <summary>Writes the line: the voter, and its choice, or why it has none.</summary>
    public static void Write(IAnsiConsole console, Ballot ballot)
    {
        if (ballot.Choice is { } choice)
        {
            console.MarkupLineInterpolated($"[grey]{ballot.Voter}[/]  {choice}");
        }
        else if (ballot.Failure is { } failure)
        {
            console.MarkupLineInterpolated($"[grey]{ballot.Voter}[/]  [red]failed: {failure}[/]");
        }
        else
        {
            console.MarkupLineInterpolated($"[grey]{ballot.Voter}[/]  [yellow]no ballot[/] [grey]{Shorten(ballot.Text ?? "")}[/]");
        }
    }

    private static string Shorten(string text)
    {
        string line = text.ReplaceLineEndings(" ").Trim();
        return line.Length <= MaximumText ? line : string.Concat(line.AsSpan(0, char.IsHighSurrogate(line[MaximumText - 1]) ? MaximumText - 1 : MaximumText), "…");
    }
}
