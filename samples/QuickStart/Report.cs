using System.Globalization;
using Ensemble;
using Spectre.Console;

namespace QuickStart;

/// <summary>The tables of the sample; none is wider than 80 columns.</summary>
internal static class Report
{
    private const int BarWidth = 16;

    /// <summary>Makes the table of the single voters.</summary>
    public static Table Voters(BaggedEvaluation evaluation, IReadOnlyList<BaggedPrediction> predictions, IReadOnlyList<string> expected)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumn($"right of {expected.Count}");
        foreach (int voter in Enumerable.Range(1, evaluation.Voters.Count))
        {
            table.AddColumn(new TableColumn($"v{voter}").RightAligned());
        }

        table.AddRow(["each voter", .. evaluation.Voters.Select(voter => Right(voter))]);
        table.AddRow(["its habit off", .. Enumerable.Range(0, evaluation.Voters.Count).Select(voter =>
            predictions.Where((prediction, item) => prediction.Labels[Best(prediction.Voters[voter].Calibrated)] == expected[item]).Count().ToString(CultureInfo.InvariantCulture))]);
        return table;
    }

    /// <summary>Makes the table of the ways to an answer, from one voter to all of them.</summary>
    public static Table Summary(BaggedEvaluation evaluation)
    {
        int voters = evaluation.Voters.Count;
        string worst = Right(evaluation.Voters.MinBy(voter => voter.Value)!);
        string best = Right(evaluation.Voters.MaxBy(voter => voter.Value)!);
        Table table = new Table().Border(TableBorder.Rounded)
            .AddColumn("how the answer is made")
            .AddColumn(new TableColumn($"of {evaluation.Sample.Total}").RightAligned())
            .AddColumn(new TableColumn("share").RightAligned())
            .AddColumn(new TableColumn("95 %").RightAligned())
            .AddColumn("");
        AddRow(table, "one answer at T = 1 (expected)", evaluation.Sample);
        AddRow(table, $"the average voter ({worst} to {best})", evaluation.AverageVoter);
        AddRow(table, $"vote of {voters}", evaluation.RawVote);
        AddRow(table, $"vote of {voters}, habits off", evaluation.CalibratedVote);
        AddRow(table, $"mean log-probability of {voters}", evaluation.MeanLogProbability);
        return table;
    }

    /// <summary>Makes the table of one vote.</summary>
    public static Table Ballots(BaggedPrediction prediction)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumns("voter", "says", "says with its habit off");
        foreach (VoterScores voter in prediction.Voters)
        {
            table.AddRow(voter.Voter, Markup.Escape(prediction.Labels[Best(voter.LogProbabilities)]), Markup.Escape(prediction.Labels[Best(voter.Calibrated)]));
        }

        return table;
    }

    private static int Best(IReadOnlyList<double> scores) => Enumerable.Range(0, scores.Count).MaxBy(label => scores[label]);

    private static string Right(Accuracy accuracy) => string.Create(CultureInfo.InvariantCulture, $"{accuracy.Value * accuracy.Total:0.#}");

    private static void AddRow(Table table, string name, Accuracy accuracy) => table.AddRow(
        name,
        Right(accuracy),
        string.Create(CultureInfo.InvariantCulture, $"{accuracy.Value * 100:0} %"),
        string.Create(CultureInfo.InvariantCulture, $"{accuracy.Low * 100:0}–{accuracy.High * 100:0} %"),
        new string('█', (int)Math.Round(accuracy.Value * BarWidth)));
}
