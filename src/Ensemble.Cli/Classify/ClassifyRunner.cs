using System.Text.Json;
using Microsoft.Extensions.AI;
using Spectre.Console;

namespace Ensemble.Cli;

/// <summary>Runs <c>classify</c>.</summary>
internal static class ClassifyRunner
{
    /// <summary>Fits or reads the classifier, classifies the texts, and measures where labels are given.</summary>
    public static async Task<int> RunAsync(CliContext context, ClassifyRequest request, CancellationToken cancellationToken)
    {
        ClassifyExamples examples = await ClassifyExamples.ReadAsync(await ReadAsync(context, request.ExamplesFile, cancellationToken), request, cancellationToken);
        string inputFile = request.InputFile ?? QuestionReader.StandardInput;
        IReadOnlyList<TextLine> texts = request.InputFile is null && examples.Texts is { Count: > 0 } own ? own : TextLines.Parse(await ReadAsync(context, inputFile, cancellationToken), inputFile);
        if (texts.Count == 0)
        {
            throw new CliException($"'{inputFile}' has no texts. Write {{\"text\": \"…\"}} on each line.");
        }

        bool measures = texts.All(text => !string.IsNullOrWhiteSpace(text.Label));
        await using EnsembleSession session = EnsembleSession.Open(context, request.ConfigurationFile, request.Model);
        IChatClient? client = request.UsesBags ? session.ChosenClient() : null;
        using IEmbeddingGenerator<string, Embedding<float>>? embeddings = request.UsesEmbedding ? EnsembleSession.OpenEmbeddings() : null;
        TextClassifierOptions options = new() { StopsEarly = !measures };
        TextClassifier classifier = await WithProgressAsync(context, "fitting", progress => examples.CreateAsync(client, embeddings, options, progress, cancellationToken));
        await SaveAsync(classifier, request.SaveFile, cancellationToken);
        context.Terminal.Hint($"Known before the first text: {classifier.EstimatedAccuracy} right; below a confidence of {classifier.Threshold:0.00} ask a stronger model.");
        if (measures && texts.FirstOrDefault(text => !classifier.Labels.Contains(text.Label)) is { } unknown)
        {
            throw new CliException($"{inputFile}: the label '{unknown.Label}' is in no example. The examples have: {string.Join(", ", classifier.Labels)}.");
        }

        TextPrediction[] predictions = await WithProgressAsync(context, "classifying", async progress =>
        {
            TextPrediction[] answers = new TextPrediction[texts.Count];
            for (int i = 0; i < answers.Length; i++)
            {
                answers[i] = await classifier.PredictAsync(texts[i].Text!, cancellationToken);
                progress.Report(new BaggingProgress(i + 1, answers.Length));
            }

            return answers;
        });
        Write(context, request, texts, predictions);
        if (measures)
        {
            ClassifyTable.WriteAccuracies(request.Json ? context.Terminal.RichError : context.Terminal.RichOut, TextEvaluation.Of(predictions, [.. texts.Select(text => text.Label!)]).Rows());
        }

        return ExitCode.Ok;
    }

    private static async Task SaveAsync(TextClassifier classifier, string? file, CancellationToken cancellationToken)
    {
        if (file is not null)
        {
            await using FileStream json = File.Create(file);
            await classifier.SaveAsync(json, cancellationToken);
        }
    }

    private static async Task<string> ReadAsync(CliContext context, string file, CancellationToken cancellationToken) =>
        file == QuestionReader.StandardInput ? await context.Terminal.In.ReadToEndAsync(cancellationToken)
        : File.Exists(file) ? await File.ReadAllTextAsync(file, cancellationToken)
        : throw new CliException($"There is no file '{file}'.");

    // Where nobody watches there is no bar.
    private static Task<T> WithProgressAsync<T>(CliContext context, string title, Func<IProgress<BaggingProgress>, Task<T>> work) =>
        !context.Terminal.Features.ErrorIsTerminal ? work(new Reports(_ => { }))
        : context.Terminal.RichError.Progress().AutoClear(true).StartAsync(progress =>
        {
            ProgressTask task = progress.AddTask(title);
            return work(new Reports(done => (task.MaxValue, task.Value) = (done.Total, done.Done)));
        });

    private static void Write(CliContext context, ClassifyRequest request, IReadOnlyList<TextLine> texts, TextPrediction[] predictions)
    {
        ClassifyLine[] lines = [.. predictions.Select((answer, i) => new ClassifyLine
        {
            Text = texts[i].Text!,
            Label = answer.Label,
            Confidence = Math.Round(answer.Confidence, 4),
            Agreement = Math.Round(answer.Agreement, 4),
            Defers = answer.Defers,
            Expected = texts[i].Label,
        })];
        if (!request.Json)
        {
            ClassifyTable.WriteAnswers(context.Terminal.RichOut, lines);
            return;
        }

        foreach (ClassifyLine line in lines)
        {
            context.Terminal.Out.WriteLine(JsonSerializer.Serialize(line, ClassifyLineJson.Readable.ClassifyLine));
        }
    }

    private sealed class Reports(Action<BaggingProgress> report) : IProgress<BaggingProgress>
    {
        public void Report(BaggingProgress value) => report(value);
    }
}
