using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Ensemble.Cli;

/// <summary>What <c>--examples</c> holds: labelled lines, bagging data with its own bags, or a saved fit.</summary>
internal sealed class ClassifyExamples
{
    private readonly byte[]? _fit;

    private ClassifyExamples(byte[] fit, ClassifyMembers members) => (_fit, Members) = (fit, members);

    private ClassifyExamples(BaggingData data, ClassifyMembers members) => (Data, Members) = (data, members);

    /// <summary>Gets who takes part: those that the command line names, else those of the saved fit, else both.</summary>
    public ClassifyMembers Members { get; }

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
        ClassifyMembers members = request.Members ?? new ClassifyMembers(Bags: true, Embedding: true);
        using JsonDocument? document = Parse(content);
        if (document?.RootElement.TryGetProperty("voters", out JsonElement voters) is true)
        {
            CheckOwn(request, "a saved fit");
            return new ClassifyExamples(bytes, MembersOfFit(request, document.RootElement, voters));
        }

        if (document?.RootElement.TryGetProperty("bags", out _) is true)
        {
            CheckOwn(request, "bagging data");
            using MemoryStream json = new(bytes);
            return new ClassifyExamples(await BaggingData.ReadAsync(json, cancellationToken), members);
        }

        if (!members.Bags && (request.Bags is not null || request.Seed is not null))
        {
            throw new CliException($"{(request.Bags is not null ? "--bags" : "--seed")} is for voters, and --members leaves them out. Leave one of the two out.");
        }

        return new ClassifyExamples(
            BaggingData.FromExamples(TextLines.ParseExamples(content, TextLines.NameOf(request.ExamplesFile)), members.Bags ? request.Bags ?? 9 : 0, request.Seed ?? 0, request.TextWord ?? "Text", request.LabelWord ?? "Label"), members);
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

    // Voters that were not fitted cannot be made from a fit; everything else can be left out of it or join.
    private static ClassifyMembers MembersOfFit(ClassifyRequest request, JsonElement fit, JsonElement voters)
    {
        ClassifyMembers fitted = new(
            voters.ValueKind == JsonValueKind.Array && voters.GetArrayLength() > 0,
            fit.TryGetProperty("embeddings", out JsonElement embeddings) && embeddings.ValueKind == JsonValueKind.String);
        return request.Members is { Bags: true } && !fitted.Bags
            ? throw new CliException(
                $"{request.ExamplesFile} was fitted without bagged voters. Leave --members out, or fit again: --members {ClassifyMembers.BagsName},{ClassifyMembers.EmbeddingName} with --examples of labelled texts, and --save.")
            : request.Members ?? fitted;
    }

    // Data and a fit are one object; of examples each line is one.
    private static JsonDocument? Parse(string content)
    {
        try
        {
            JsonDocument document = JsonDocument.Parse(content);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
