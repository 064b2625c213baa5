using Spectre.Console;

namespace Ensemble.Cli;

/// <summary>Shows one ballot as it arrives.</summary>
internal static class BallotLine
{
    /// <summary>Writes the line: the voter, and its choice, or why it has none.</summary>
    public static void Write(IAnsiConsole console, Ballot ballot)
    {
        if (ballot.Choice is { } choice)
        {
            console.MarkupLineInterpolated($"[grey]{ballot.Voter}[/]  {OneLine.Of(choice)}");
        }
        else if (ballot is { Failure: FailureClass.OutputLimit, Text: { } cut })
        {
            console.MarkupLineInterpolated($"[grey]{ballot.Voter}[/]  [yellow]no ballot (cut off)[/] [grey]{OneLine.Of(cut)}[/]");
        }
        else if (ballot.Failure is { } failure)
        {
            console.MarkupLineInterpolated($"[grey]{ballot.Voter}[/]  [red]failed: {failure}[/]");
        }
        else
        {
            console.MarkupLineInterpolated($"[grey]{ballot.Voter}[/]  [yellow]no ballot[/] [grey]{OneLine.Of(ballot.Text ?? "")}[/]");
        }
    }
}
