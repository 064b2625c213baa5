using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Ensemble.Cli;

/// <summary>What <c>--examples</c> holds: labelled lines, bagging data with its own bags, or a saved fit.</summary>
internal sealed class ClassifyExamples
{
    private readonly byte[]? _fit;

    private ClassifyExamples(byte[] fit) => _fit = fit;

    private ClassifyExamples(BaggingData data) => Data = data;

    /// <summary>Gets the examples and the bags; <see langword="null"/> for a saved fit.</summary>
    public BaggingData? Data { get; }

    /// <summary>Gets the labelled texts that come with the examples.</summary>
    public IReadOnlyList<TextLine> Texts => [.. (Data?.Test ?? []).Select(text => new TextLine { Text = text.Text, Label = text.Label })];

    /// <summary>Reads the content of the file.</summary>
    /// <exception cref="CliException">A line cannot be read, or an option says again what the file says.</exception>
    /// <exception cref="EnsembleException">The data do not fit together.</exception>
    public static async Task<ClassifyExamples> ReadAsync(string content, ClassifyRequest request, CancellationToken cancellationToken)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(content);
        if (Property(content, "voters"))
        {
            CheckOwn(request, "a saved fit");
            return new ClassifyExamples(bytes);
        }

        if (Property(content, "bags"))
        {
            CheckOwn(request, "bagging data");
            using MemoryStream json = new(bytes);
            return new ClassifyExamples(await BaggingData.ReadAsync(json, cancellationToken));
        }

        return new ClassifyExamples(BaggingData.FromExamples(
            TextLines.ParseExamples(content, request.ExamplesFile), request.Bags ?? 9, request.Seed ?? 0, request.TextWord ?? "Text", request.LabelWord ?? "Label"));
    }

    /// <summary>Fits the classifier, or reads the saved one.</summary>
    public async Task<TextClassifier> CreateAsync(
        IChatClient? client, IEmbeddingGenerator<string, Embedding<float>>? embeddings, TextClassifierOptions options, IProgress<BaggingProgress> progress, CancellationToken cancellationToken)
    {
        if (_fit is null)
        {
            return await TextClassifier.FitAsync(client, embeddings, Data!, options, progress: progress, cancellationToken: cancellationToken);
        }

        using MemoryStream json = new(_fit);
        return await TextClassifier.LoadAsync(json, client, embeddings, options, cancellationToken: cancellationToken);
    }

    private static void CheckOwn(ClassifyRequest request, string what)
    {
        (string Option, bool Given)[] options = [("--bags", request.Bags is not null), ("--seed", request.Seed is not null), ("--text-word", request.TextWord is not null), ("--label-word", request.LabelWord is not null)];
        if (Array.Find(options, option => option.Given) is { Option: { } given })
        {
            throw new CliException($"{request.ExamplesFile} is {what}, which has its own bags and words. Leave {given} out.");
        }
    }

    // Data and a fit are one object; of examples a line is one.
    private static bool Property(string content, string name)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(content);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
