using System.Globalization;
using Ensemble;
using Ensemble.Onnx;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Makes a model that is added in code a local one: <c>AddModel("local", m =&gt; m.Local(SmolLM2.Name))</c>.</summary>
public static class LocalModelOptionsExtensions
{
    /// <summary>Makes the model a local one with default settings.</summary>
    /// <param name="options">The model.</param>
    /// <param name="model">The name of a shipped model or the path of a model folder.</param>
    /// <returns><paramref name="options"/>.</returns>
    public static ModelOptions Local(this ModelOptions options, string model) => options.Local(new LocalModelOptions { Model = model });

    /// <summary>Makes the model a local one; <see cref="LocalModelsExtensions.AddLocalModels"/> has to be called too.</summary>
    /// <param name="options">The model.</param>
    /// <param name="local">Which model and how.</param>
    /// <returns><paramref name="options"/>.</returns>
    public static ModelOptions Local(this ModelOptions options, LocalModelOptions local)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(local);
        options.Provider = LocalModelProvider.ProviderName;
        options.Model = local.Model;
        options.Settings[nameof(local.Template)] = local.Template.ToString();
        Set(nameof(local.MaxOutputTokens), local.MaxOutputTokens);
        Set(nameof(local.Temperature), local.Temperature);
        Set(nameof(local.MaxCacheBytes), local.MaxCacheBytes);
        Set(nameof(local.MaxConcurrency), local.MaxConcurrency);
        Set(nameof(local.MaxQueue), local.MaxQueue);
        Set(nameof(local.Threads), local.Threads);
        SetText(nameof(local.Adapter), local.Adapter);
        SetText(nameof(local.AllowSpinning), local.AllowSpinning?.ToString());
        SetText(nameof(local.AllLogits), local.AllLogits?.ToString());
        SetText(nameof(local.ExecutionProvider), local.ExecutionProvider);
        return options;

        void Set(string setting, IFormattable? value) => SetText(setting, value?.ToString(null, CultureInfo.InvariantCulture));

        void SetText(string setting, string? value)
        {
            if (value is not null)
            {
                options.Settings[setting] = value;
            }
        }
    }
}
