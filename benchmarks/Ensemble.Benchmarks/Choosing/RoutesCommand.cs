using System.Globalization;
using Ensemble.Models;
using Ensemble.Onnx;
using Microsoft.Extensions.AI;

namespace Ensemble.Benchmarks.Choosing;

/// <summary>
/// <c>routes [--examples 8] FILE…</c>: how well the shipped embedding model routes the sentences of each file. Of each route some sentences drawn at
/// random are its examples and the rest are asked, beside all that fit none; the mean of fifteen draws, in per cent.
/// </summary>
internal static class RoutesCommand
{
    private const int Draws = 15;

    private static readonly SemanticScoring[] Scorings = [SemanticScoring.Mean, SemanticScoring.Regression, SemanticScoring.Combined];

    /// <summary>Measures each file and prints a table.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        int examples = 8;
        if (args is ["--examples", var number, ..])
        {
            examples = int.Parse(number, CultureInfo.InvariantCulture);
            args = args[2..];
        }

        if (args.Length == 0 || examples < 1)
        {
            await Console.Error.WriteLineAsync("routes [--examples 8] FILE…; a file has for each route a line '# name' and its sentences below it, one a line, and '# none' for what fits no route.");
            return 1;
        }

        Console.WriteLine($"{Machine.Cpu()}, {Environment.ProcessorCount} processors; {examples} examples a route, {Draws} draws");
        Console.WriteLine("| file | scoring | right | AUROC of none | right and accepted | unrelated refused |");
        Console.WriteLine("|---|---|---|---|---|---|");
        using OnnxEmbeddingGenerator e5 = new(E5Small.Folder);
        foreach (string file in args)
        {
            RouteSentences sentences = RouteSentences.Read(file, examples);
            GeneratedEmbeddings<Embedding<float>> embeddings = await e5.GenerateAsync(sentences.All);
            Dictionary<string, ReadOnlyMemory<float>> vectors = sentences.All.Zip(embeddings).ToDictionary(pair => pair.First, pair => pair.Second.Vector);
            foreach (SemanticScoring scoring in Scorings)
            {
                RoutingFigures figures = await MeasureAsync(sentences, vectors, examples, scoring);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {Path.GetFileName(file)} | {scoring} | {100 * figures.Right:0.0} | {100 * figures.Auroc:0.0} | {100 * figures.RightAndAccepted:0.0} | {100 * figures.Refused:0.0} |"));
            }
        }

        return 0;
    }

    private static async Task<RoutingFigures> MeasureAsync(RouteSentences sentences, Dictionary<string, ReadOnlyMemory<float>> vectors, int examples, SemanticScoring scoring)
    {
        using KnownVectors known = new(vectors);
        List<RoutingFigures> draws = [];
        for (int seed = 0; seed < Draws; seed++)
        {
            (List<SemanticRoute> routes, List<(string Route, string Text)> asked) = sentences.Draw(examples, new Random(seed));
            SemanticIndex index = await SemanticIndex.CreateAsync(known, routes, new SemanticOptions { Scoring = scoring });
            draws.Add(RoutingFigures.Of(
                [.. asked.Select(text => (text.Route, index.Match(vectors[text.Text].Span)))],
                [.. sentences.Unrelated.Select(text => index.Match(vectors[text].Span))]));
        }

        return RoutingFigures.Mean(draws);
    }
}
