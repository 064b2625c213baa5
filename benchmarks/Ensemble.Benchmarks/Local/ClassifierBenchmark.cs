using System.Diagnostics;
using Ensemble.Models;
using Ensemble.Onnx;
using Microsoft.Extensions.AI;

namespace Ensemble.Benchmarks.Local;

/// <summary>
/// Measures the text classifier on the tickets of the quick start: the time of one bag and a text of about 25 tokens on one thread, how many of nine
/// bags an answer takes with early stop, and its accuracy by leave-out: over all 48 tickets in random halves, one half the examples, the other the texts.
/// </summary>
internal static class ClassifierBenchmark
{
    private const int Runs = 45;

    private const string ShortText = " The parcel was left with a neighbour today, and the tracking page still says that it is on its way.\nTeam:";

    private const string Text = " The parcel was left with a neighbour whom I do not know, and the tracking page still says that it is on its way.\nTeam:";

    /// <summary>Runs the comparison and prints the tables.</summary>
    public static async Task RunAsync(string tickets, int splits)
    {
        await using FileStream file = File.OpenRead(tickets);
        BaggingData data = await BaggingData.ReadAsync(file);
        Console.WriteLine($"{Machine.Cpu()}, {Environment.ProcessorCount} processors");
        await TimeAsync(data);
        using LocalChatClient model = new(SmolLM2.Name);
        using OnnxEmbeddingGenerator e5 = new(E5Small.Folder);
        await AccuracyAsync("the split that ships", data, model, e5);
        LabeledExample[] all = [.. data.Examples, .. data.Test];
        for (int seed = 1; seed <= splits; seed++)
        {
            // Each half holds the same number of tickets of every team.
            Random random = new(seed);
            LabeledExample[][] teams = [.. all.GroupBy(ticket => ticket.Label).Select(team => team.OrderBy(_ => random.Next()).ToArray())];
            LabeledExample[] examples = [.. teams.SelectMany(team => team.Take(team.Length / 2))], test = [.. teams.SelectMany(team => team.Skip(team.Length / 2))];
            BaggingData drawn = BaggingData.FromExamples(examples, 9, seed, data.TextWord, data.LabelWord);
            await AccuracyAsync($"random half {seed}", new BaggingData(drawn.Labels, drawn.Examples, drawn.Bags, drawn.TextWord, drawn.LabelWord, test), model, e5);
        }
    }

    /// <summary>Measures the bags by themselves: the time of one, and how many of them an answer takes when no embedding member goes first.</summary>
    public static async Task RunBagsAsync(string tickets)
    {
        await using FileStream file = File.OpenRead(tickets);
        BaggingData data = await BaggingData.ReadAsync(file);
        Console.WriteLine($"{Machine.Cpu()}, {Environment.ProcessorCount} processors");
        await TimeAsync(data);
        using LocalChatClient model = new(SmolLM2.Name);
        await AccuracyAsync("bags only", data, model, null);
    }

    private static async Task TimeAsync(BaggingData data)
    {
        await TimeAsync(data, ShortText, threads: 1);
        await TimeAsync(data, Text, threads: 1);

        // On a virtual machine two processors are often the two hyperthreads of one core.
        await TimeAsync(data, ShortText, threads: 2);
    }

    private static async Task TimeAsync(BaggingData data, string text, int threads)
    {
        using LocalChatClient model = new(new LocalModelOptions { Model = SmolLM2.Name, Threads = threads });
        IContinuationScorer scorer = model.GetService<IContinuationScorer>()!;
        string prefix = string.Concat(data.Bags[0].Select(i => $"{data.TextWord}: {data.Examples[i].Text}\n{data.LabelWord}: {data.Examples[i].Label}\n\n")) + $"{data.TextWord}:";
        string[] continuations = [.. data.Labels.Select(label => $" {label}")];
        double[] times = new double[Runs];
        long tokens = 0;
        for (int i = -3; i < Runs; i++)
        {
            long start = Stopwatch.GetTimestamp();
            ContinuationScores scores = await scorer.ScoreAsync(ScoringRequest.ForText(prefix, text, continuations, firstTokenOnly: true));
            if (i >= 0)
            {
                times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                tokens = (scores.Usage.InputTokenCount ?? 0) - (scores.Usage.CachedInputTokenCount ?? 0);
            }
        }

        Array.Sort(times);
        Console.WriteLine($"one bag, kept prefix, {tokens} tokens read, {threads} thread{(threads > 1 ? "s" : "")}: median {times[Runs / 2]:0.0} ms, 10 % {times[Runs / 10]:0.0}, 90 % {times[Runs * 9 / 10]:0.0}");
    }

    private static async Task AccuracyAsync(string name, BaggingData data, IChatClient model, IEmbeddingGenerator<string, Embedding<float>>? e5)
    {
        TextClassifier full = await TextClassifier.FitAsync(model, e5, data, new TextClassifierOptions { StopsEarly = false });
        using MemoryStream fit = new();
        await full.SaveAsync(fit);
        fit.Position = 0;
        TextClassifier early = await TextClassifier.LoadAsync(fit, model, e5);
        List<TextPrediction> whole = [], stopped = [];
        foreach (LabeledExample ticket in data.Test)
        {
            whole.Add(await full.PredictAsync(ticket.Text));
            stopped.Add(await early.PredictAsync(ticket.Text));
        }

        string rows = string.Join(", ", TextEvaluation.Of(whole, [.. data.Test.Select(ticket => ticket.Label)]).Rows().Select(row => $"{row.Key} {row.Value.Value * 100:0.0}"));
        double right = stopped.Where((prediction, i) => prediction.Label == data.Test[i].Label).Count() / (double)data.Test.Count;
        int same = stopped.Where((prediction, i) => prediction.Label == whole[i].Label).Count();
        Console.WriteLine($"{name}: {rows}; known before {full.EstimatedAccuracy.Value * 100:0.0}; early stop {right * 100:0.0} with {stopped.Average(prediction => prediction.Voters.Count):0.00} of {data.Bags.Count} bags, {same} of {stopped.Count} answers those of all bags");
    }
}
