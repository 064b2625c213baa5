using System.Globalization;
using Ensemble;
using QuickStart.Bagging;
using Spectre.Console;

namespace QuickStart;

/// <summary>Everything that the sample prints as tables.</summary>
internal static class Report
{
    private const int BarWidth = 24;

    /// <summary>Makes the table of the single voters.</summary>
    public static Table Voters(Scores scores)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumn($"right of {scores.Items}");
        foreach (int voter in Enumerable.Range(0, scores.Voters))
        {
            table.AddColumn(new TableColumn($"voter {voter + 1}").RightAligned());
        }

        table.AddRow(VoterRow("as it is", scores, centred: false));
        table.AddRow(VoterRow("centred", scores, centred: true));
        return table;
    }

    /// <summary>Makes the table of the ways to an answer, from the worst known to the best.</summary>
    public static Table Summary(Scores scores)
    {
        int[] voters = [.. Enumerable.Range(0, scores.Voters).Select(voter => scores.Right(voter, centred: false))];
        Table table = new Table().Border(TableBorder.Rounded)
            .AddColumn("how the answer is made")
            .AddColumn(new TableColumn("right").RightAligned())
            .AddColumn(new TableColumn("share").RightAligned())
            .AddColumn(new TableColumn("95 % interval").RightAligned())
            .AddColumn("");
        AddRow(table, "one answer drawn at T = 1 (expected)", scores.ExpectedShareOfOneSample() * scores.Items, scores.Items);
        AddRow(table, $"the average voter (worst {voters.Min()}, best {voters.Max()})", voters.Average(), scores.Items);
        AddRow(table, $"vote of {scores.Voters}, as they are", scores.RightByVote(centred: false), scores.Items);
        AddRow(table, $"vote of {scores.Voters}, centred", scores.RightByVote(centred: true), scores.Items);
        AddRow(table, $"mean log-probability of {scores.Voters}, centred", scores.RightByMean(), scores.Items);
        return table;
    }

    /// <summary>Makes the table of one vote.</summary>
    public static Table Ballots(Vote vote)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumns("voter", "ballot");
        foreach (Ballot ballot in vote.Ballots)
        {
            table.AddRow(Markup.Escape(ballot.Voter), Markup.Escape(ballot.Choice ?? $"none ({ballot.Failure})"));
        }

        return table;
    }

    /// <summary>Writes a share as whole percent.</summary>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0} %");

    private static string[] VoterRow(string name, Scores scores, bool centred) =>
        [name, .. Enumerable.Range(0, scores.Voters).Select(voter => scores.Right(voter, centred).ToString(CultureInfo.InvariantCulture))];

    private static void AddRow(Table table, string name, double right, int items)
    {
        double share = right / items;
        (double low, double high) = Wilson.Interval(share, items);
        table.AddRow(
            name,
            string.Create(CultureInfo.InvariantCulture, $"{right:0.#} / {items}"),
            Percent(share),
            string.Create(CultureInfo.InvariantCulture, $"{low * 100:0}–{high * 100:0} %"),
            new string('█', (int)Math.Round(share * BarWidth)));
    }
}
