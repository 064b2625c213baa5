using QuickStart;
using Spectre.Console;
using Spectre.Console.Testing;

namespace Ensemble.Cli.Tests.QuickStart;

/// <summary>The tables of the quick start, over voters of which everything is known: raw they always say billing, centred they are always right.</summary>
public class ReportTests
{
    private static readonly BaggingData Data = new(
        ["billing", "delivery"],
        [new("billing 1", "billing"), new("billing 2", "billing"), new("delivery 1", "delivery"), new("delivery 2", "delivery")],
        [[0, 2], [1, 3]],
        test: [new("a billing", "billing"), new("a delivery", "delivery"), new("another delivery", "delivery"), new("the delivery", "delivery")]);

    private static readonly string[] Expected = [.. Data.Test.Select(item => item.Label)];

    [Test]
    public async Task Tables_AreReadAtAGlance()
    {
        BaggedPrediction[] predictions = await PredictAsync();
        BaggedEvaluation evaluation = BaggedEvaluation.Of(predictions, Expected);
        string voters = Render(Report.Voters(evaluation, predictions, Expected));
        Assert.That(Cells(voters, "each voter"), Is.EqualTo(new[] { "each voter", "1", "1" }));
        Assert.That(Cells(voters, "its habit off"), Is.EqualTo(new[] { "its habit off", "4", "4" }));

        string summary = Render(Report.Summary(evaluation));
        // Of four texts, Wilson's interval (1 of 4: 4.6 to 69.9 %).
        Assert.That(Cells(summary, "average voter"), Is.EqualTo(new[] { "the average voter (1 to 1)", "1", "25 %", "5–70 %", "████" }));
        Assert.That(Cells(summary, "vote of 2 "), Is.EqualTo(new[] { "vote of 2", "1", "25 %", "5–70 %", "████" }));
        Assert.That(Cells(summary, "mean log"), Is.EqualTo(new[] { "mean log-probability of 2", "4", "100 %", "51–100 %", "████████████████" }));
        Assert.That(Cells(summary, "T = 1")[2], Is.EqualTo("33 %"), "(0.98 + 3 * 0.12) / 4");
    }

    [Test]
    public async Task Tables_FitAWindowOf80Columns()
    {
        BaggedPrediction[] predictions = await PredictAsync();
        BaggedEvaluation evaluation = BaggedEvaluation.Of(predictions, Expected);
        Table[] tables = [Report.Voters(evaluation, predictions, Expected), Report.Summary(evaluation), Report.Ballots(predictions[0])];
        Assert.That(tables.SelectMany(table => Render(table).Split('\n')).Max(line => line.TrimEnd().Length), Is.LessThanOrEqualTo(80));
    }

    [Test]
    public async Task Ballots_ShowEachVoterWithItsHabitAndWithout()
    {
        string ballots = Render(Report.Ballots((await PredictAsync())[1]));
        Assert.That(Cells(ballots, "voter1"), Is.EqualTo(new[] { "voter1", "billing", "delivery" }));
    }

    private static async Task<BaggedPrediction[]> PredictAsync()
    {
        using HabitualModel model = new();
        BaggedClassifier classifier = await BaggedClassifier.FitAsync(model, Data);
        List<BaggedPrediction> predictions = [];
        foreach (LabeledExample item in Data.Test)
        {
            predictions.Add(await classifier.PredictAsync(item.Text));
        }

        return [.. predictions];
    }

    private static string Render(Table table)
    {
        using TestConsole console = new TestConsole().Width(200);
        console.Write(table);
        return console.Output;
    }

    private static string[] Cells(string table, string row) =>
        [.. table.Split('\n').Single(line => line.Contains(row, StringComparison.Ordinal)).Split('│', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
}
