using System.Globalization;

namespace Ensemble.Onnx;

/// <summary>Reads the settings of an encoder from the configuration.</summary>
internal static class EncoderSettings
{
    internal static IReadOnlyList<string> Names { get; } =
    [
        nameof(OnnxEncoderOptions.MaxTokens), nameof(OnnxEncoderOptions.MaxBatchSize), nameof(OnnxEncoderOptions.Threads), nameof(OnnxEncoderOptions.MaxConcurrency),
        nameof(OnnxEncoderOptions.MaxQueueLength),
    ];

    /// <summary>Reads the settings into options and says what is wrong with them, and which file the model lacks.</summary>
    internal static List<string> Bind(ModelRegistration model, OnnxEncoderOptions options)
    {
        List<string> problems = [];
        if (string.IsNullOrWhiteSpace(model.Model))
        {
            problems.Add($"{model.Path}:Model is not set: give the path of a model folder, or the name of a shipped model, for instance multilingual-e5-small-int4 for embeddings.");
        }
        else if (EncoderFolder.ProblemWith(ModelFolder.FindEncoder(model.Model)) is { } problem)
        {
            problems.Add($"{model.Path}:Model is '{model.Model}': {problem}");
        }

        options.MaxTokens = Read(nameof(options.MaxTokens), 3, 1_000_000) ?? options.MaxTokens;
        options.MaxBatchSize = Read(nameof(options.MaxBatchSize), 1, 1024) ?? options.MaxBatchSize;
        options.Threads = Read(nameof(options.Threads), 0, 1024) ?? options.Threads;
        options.MaxConcurrency = Read(nameof(options.MaxConcurrency), 1, 1024) ?? options.MaxConcurrency;
        options.MaxQueueLength = Read(nameof(options.MaxQueueLength), 0, 1_000_000) ?? options.MaxQueueLength;
        return problems;

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

    internal static void Require(List<string> problems)
    {
        if (problems.Count > 0)
        {
            throw new ModelLoadException(string.Join(" ", problems));
        }
    }

    /// <summary>Loads the model of a registration; what it can read is known only then.</summary>
    internal static T Load<T>(ModelRegistration model, Func<string, T> load)
    {
        try
        {
            return load(ModelFolder.FindEncoder(model.Model!));
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new ModelLoadException($"{model.Path}: {e.Message}", e);
        }
    }
}
