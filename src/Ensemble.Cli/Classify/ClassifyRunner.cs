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
        string content = await ReadAsync(context, request.ExamplesFile, cancellationToken);
        ClassifyExamples examples = await OfUserAsync(() => ClassifyExamples.ReadAsync(content, request, cancellationToken));
        FitFile? save = request.SaveFile is null ? null : FitFile.Check(request.SaveFile, examples: examples.Data is not null ? request.ExamplesFile : null);
        string inputFile = request.InputFile ?? QuestionReader.StandardInput;
        IReadOnlyList<TextLine> texts = request.InputFile is null && examples.Texts is { Count: > 0 } own ? own : await ReadTextsAsync(context, request, inputFile, cancellationToken);
        bool measures = Measures(context, texts);
        if (measures && examples.Data is { } data)
        {
            // Said before the fit, which takes a while.
            CheckLabels(inputFile, texts, data.Labels);
        }

        await using EnsembleSession session = EnsembleSession.Open(context, request.ConfigurationFile, request.Model);
        IChatClient? client = examples.Members.Bags ? session.ChosenClient() : null;
        using IEmbeddingGenerator<string, Embedding<float>>? embeddings = examples.Members.Embedding ? EnsembleSession.OpenEmbeddings() : null;
        TextClassifierOptions options = new() { StopsEarly = !measures };
        TextClassifier classifier = await WithProgressAsync(context, "fitting", shows: true, progress => OfUserAsync(() => examples.CreateAsync(client, embeddings, options, progress, cancellationToken)));
        if (save is not null)
        {
            await save.WriteAsync(classifier, cancellationToken);
            context.Terminal.Hint($"The fit is in {save.Path}: give it as --examples.");
        }

        context.Terminal.Hint($"Known before the first text ({examples.Members}): {classifier.EstimatedAccuracy} right; below a confidence of {classifier.Threshold:0.00} ask a stronger model.");
        if (measures)
        {
            CheckLabels(inputFile, texts, classifier.Labels);
        }

        TextPrediction[] predictions = await ClassifyAsync(context, request, classifier, texts, cancellationToken);
        if (measures)
        {
            ClassifyTable.WriteAccuracies(request.Json ? context.Terminal.RichError : context.Terminal.RichOut, TextEvaluation.Of(predictions, [.. texts.Select(text => text.Label!)]).Rows());
        }

        return ExitCode.Ok;
    }

    // The plain exception says that examples, labels or bags do not fit together: nothing that a model did.
    private static async Task<T> OfUserAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (EnsembleException error) when (error.GetType() == typeof(EnsembleException))
        {
            throw new CliException(error.Message);
        }
    }

    private static async Task<TextPrediction[]> ClassifyAsync(CliContext context, ClassifyRequest request, TextClassifier classifier, IReadOnlyList<TextLine> texts, CancellationToken cancellationToken)
    {
        TextPrediction[] predictions = new TextPrediction[texts.Count];
        ClassifyLine[] lines = new ClassifyLine[texts.Count];

        // Lines that a person sees as they come would be torn by a bar.
        bool shows = !(request.Json && context.Terminal.Features.OutputIsTerminal);
        await WithProgressAsync(context, "classifying", shows, async progress =>
        {
            for (int i = 0; i < predictions.Length; i++)
            {
                predictions[i] = await classifier.PredictAsync(texts[i].Text!, cancellationToken);
                lines[i] = Describe(texts[i], predictions[i]);
                if (request.Json)
                {
                    // One by one, so that a pipe has what is done, whatever becomes of the rest.
                    context.Terminal.Out.WriteLine(JsonSerializer.Serialize(lines[i], ClassifyLineJson.Readable.ClassifyLine));
                    context.Terminal.Out.Flush();
                }

                progress.Report(new BaggingProgress(i + 1, predictions.Length));
            }

            return true;
        });
        if (!request.Json)
        {
            ClassifyTable.WriteAnswers(context.Terminal.RichOut, lines);
        }

        return predictions;
    }

    private static async Task<IReadOnlyList<TextLine>> ReadTextsAsync(CliContext context, ClassifyRequest request, string inputFile, CancellationToken cancellationToken)
    {
        if (inputFile == QuestionReader.StandardInput)
        {
            if (request.ExamplesFile == QuestionReader.StandardInput)
            {
                throw new CliException("The examples and the texts cannot both come from standard input. Give one of them as a file.");
            }

            if (!context.Terminal.Features.InputIsRedirected)
            {
                context.Terminal.Hint("Reading texts, {\"text\": \"…\"} on each line, to the end of the input.");
            }
        }

        string name = TextLines.NameOf(inputFile);
        IReadOnlyList<TextLine> texts = TextLines.Parse(await ReadAsync(context, inputFile, cancellationToken), name);
        return texts.Count > 0 ? texts : throw new CliException($"{name} has no texts. Write {{\"text\": \"…\"}} on each line.");
    }

    private static bool Measures(CliContext context, IReadOnlyList<TextLine> texts)
    {
        int without = texts.Count(text => string.IsNullOrWhiteSpace(text.Label));
        if (without > 0 && without < texts.Count)
        {
            context.Terminal.Hint($"{without} of {texts.Count} texts have no \"label\", so accuracy is not measured.");
        }

        return without == 0;
    }

    private static void CheckLabels(string inputFile, IReadOnlyList<TextLine> texts, IReadOnlyList<string> labels)
    {
        if (texts.FirstOrDefault(text => !labels.Contains(text.Label)) is { } unknown)
        {
            throw new CliException($"{TextLines.NameOf(inputFile)}: the label '{unknown.Label}' is in no example. The examples have: {string.Join(", ", labels)}. Add examples of it, or take the labels out of the input.");
        }
    }

    private static async Task<string> ReadAsync(CliContext context, string file, CancellationToken cancellationToken) =>
        file == QuestionReader.StandardInput ? await context.Terminal.In.ReadToEndAsync(cancellationToken)
        : File.Exists(file) ? await File.ReadAllTextAsync(file, cancellationToken)
        : throw new CliException(Directory.Exists(file) ? $"'{file}' is a folder. Name a file." : $"There is no file '{file}'.");

    // Where nobody watches there is no bar.
    private static Task<T> WithProgressAsync<T>(CliContext context, string title, bool shows, Func<IProgress<BaggingProgress>, Task<T>> work) =>
        !shows || !context.Terminal.Features.ErrorIsTerminal ? work(new Reports(_ => { }))
        : context.Terminal.RichError.Progress().AutoClear(true).StartAsync(progress =>
        {
            // How much there is to do is known with the first report; an embedding member alone makes none.
            ProgressTask task = progress.AddTask(title);
            task.IsIndeterminate = true;
            return work(new Reports(done => (task.IsIndeterminate, task.MaxValue, task.Value) = (false, done.Total, done.Done)));
        });

    private static ClassifyLine Describe(TextLine text, TextPrediction answer) => new()
    {
        Text = text.Text!,
        Label = answer.Label,
        Confidence = Math.Round(answer.Confidence, 4),
        Agreement = Math.Round(answer.Agreement, 4),
        Defers = answer.Defers,
        Expected = text.Label,
    };

    private sealed class Reports(Action<BaggingProgress> report) : IProgress<BaggingProgress>
    {
        public void Report(BaggingProgress value) => report(value);
    }
}
