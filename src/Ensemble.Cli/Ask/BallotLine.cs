using Spectre.Console;

namespace Ensemble.Cli;

/// <summary>Shows one ballot as it arrives.</summary>
internal static class BallotLine
{
    /// <summary>Writes the line: the voter, and its choice, or why it has none.</summary>
    public static void Write(IAnsiConsole console, Ballot ballot)
    {
        Style grey = new(Color.Grey);
        Paragraph line = new Paragraph(ballot.Voter, grey).Append("  ");
        if (ballot.Choice is { } choice)
        {
            line.Append(OneLine.Of(choice));
        }
        else if (ballot is { Failure: FailureClass.OutputLimit, Text: { } cut })
        {
            line.Append("no ballot (cut off)", new Style(Color.Yellow)).Append($" {OneLine.Of(cut)}", grey);
        }
        else if (ballot.Failure is { } failure)
        {
            line.Append($"failed: {failure}", new Style(Color.Red));
        }
        else
        {
            line.Append("no ballot", new Style(Color.Yellow)).Append($" {OneLine.Of(ballot.Text ?? "")}", grey);
        }

        console.Write(line.Append(Environment.NewLine));
    }
}
