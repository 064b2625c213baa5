using System.Globalization;
using Spectre.Console;

namespace Ensemble.Cli;

/// <summary>Shows a receipt to a person: a bar a choice, then the receipt's own line.</summary>
internal static class ReceiptLines
{
    private const int BarWidth = 30;

    /// <summary>Writes the lines.</summary>
    public static void Write(IAnsiConsole console, Receipt receipt)
    {
        if (receipt.Vote is { Counts.Count: > 0 } vote)
        {
            double all = vote.Counts.Sum(count => count.Value);
            int width = vote.Counts.Max(count => OneLine.Of(count.Key).Length);
            foreach ((string choice, double weight) in vote.Counts)
            {
                string bar = new('█', Math.Max(1, (int)Math.Round(weight / all * BarWidth)));
                console.Write(new Paragraph($"{OneLine.Of(choice).PadRight(width)}  ").Append(bar, new Style(Color.Green)).Append($" {weight.ToString("0.##", CultureInfo.InvariantCulture)}{Environment.NewLine}"));
            }
        }

        console.Write(new Paragraph(receipt + Environment.NewLine, new Style(Color.Grey)));
    }
}
