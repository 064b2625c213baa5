using System.Globalization;
using Microsoft.Extensions.AI;

namespace Ensemble.Onnx;

/// <summary>Makes the embedding models whose provider is <c>local</c>.</summary>
internal sealed class LocalEmbeddingProvider : IEmbeddingProvider
{
    public string Name => LocalModelProvider.ProviderName;

    public bool RunsInProcess => true;

    public IReadOnlyCollection<string> SettingNames { get; } =
    [
        nameof(OnnxEmbeddingOptions.Prefix), nameof(OnnxEmbeddingOptions.MaxTokens), nameof(OnnxEmbeddingOptions.MaxBatchSize),
        nameof(OnnxEmbeddingOptions.Threads), nameof(OnnxEmbeddingOptions.MaxConcurrency), nameof(OnnxEmbeddingOptions.MaxQueueLength),
    ];

    public IEnumerable<string> CheckSettings(ModelRegistration model) => Bind(model).Problems;

    public IEmbeddingGenerator<string, Embedding<float>> CreateGenerator(ModelRegistration model, IServiceProvider services)
    {
        (OnnxEmbeddingOptions options, List<string> problems) = Bind(model);
        if (problems.Count > 0)
        {
            throw new ModelLoadException(string.Join(" ", problems));
        }

        try
        {
            return new OnnxEmbeddingGenerator(ModelFolder.FindEncoder(model.Model!), options);
        }
        catch (ArgumentOutOfRangeException e)
        {
            // What a model can read is known when it is loaded.
            throw new ModelLoadException($"{model.Path}: {e.Message}", e);
        }
    }

    private static (OnnxEmbeddingOptions Options, List<string> Problems) Bind(ModelRegistration model)
    {
        List<string> problems = [];
        if (string.IsNullOrWhiteSpace(model.Model))
        {
            problems.Add($"{model.Path}:Model is not set: give the name of a shipped model, for instance multilingual-e5-small-int4, or the path of a model folder.");
        }
        else if (EncoderFolder.ProblemWith(ModelFolder.FindEncoder(model.Model)) is { } problem)
        {
            problems.Add($"{model.Path}:Model is '{model.Model}': {problem}");
        }

        OnnxEmbeddingOptions options = new();
        options.Prefix = model.Settings.GetValueOrDefault(nameof(options.Prefix)) ?? options.Prefix;
        options.MaxTokens = Read(nameof(options.MaxTokens), 3, 1_000_000) ?? options.MaxTokens;
        options.MaxBatchSize = Read(nameof(options.MaxBatchSize), 1, 1024) ?? options.MaxBatchSize;
        options.Threads = Read(nameof(options.Threads), 0, 1024) ?? options.Threads;
        options.MaxConcurrency = Read(nameof(options.MaxConcurrency), 1, 1024) ?? options.MaxConcurrency;
        options.MaxQueueLength = Read(nameof(options.MaxQueueLength), 0, 1_000_000) ?? options.MaxQueueLength;
        return (options, problems);

        int? Read(string setting, int least, int most)
        {
            if (!model.Settings.TryGetValue(setting, out string? text))
            {
                return null;
            }

            if (int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most)
            {
                return value;
            }

            problems.Add($"{model.Path}:{setting} is '{text}': give a whole number from {least} to {most}.");
            return null;
        }
    }
}
