using System.Globalization;
using Ensemble;
using Ensemble.Onnx;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Makes a model that is added in code a local classifier: <c>AddModel("mood", m =&gt; m.LocalClassifier("./models/sentiment"))</c>.</summary>
public static class LocalClassifierExtensions
{
    /// <summary>Makes the model a local classifier (<see cref="OnnxClassifier"/>); <see cref="LocalModelsExtensions.AddLocalModels"/> has to be called too.</summary>
    /// <param name="options">The model.</param>
    /// <param name="folder">The folder of the model.</param>
    /// <param name="encoder">How to run it; <see langword="null"/> for the defaults.</param>
    /// <returns><paramref name="options"/>.</returns>
    public static ModelOptions LocalClassifier(this ModelOptions options, string folder, OnnxEncoderOptions? encoder = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        encoder ??= new OnnxEncoderOptions();
        options.Provider = LocalClassifierProvider.ProviderName;
        options.Model = folder;
        Set(nameof(encoder.MaxTokens), encoder.MaxTokens);
        Set(nameof(encoder.MaxBatchSize), encoder.MaxBatchSize);
        Set(nameof(encoder.Threads), encoder.Threads);
        Set(nameof(encoder.MaxConcurrency), encoder.MaxConcurrency);
        Set(nameof(encoder.MaxQueueLength), encoder.MaxQueueLength);
        return options;

        void Set(string setting, int? value)
        {
            if (value is { } given)
            {
                options.Settings[setting] = given.ToString(CultureInfo.InvariantCulture);
            }
        }
    }
}
