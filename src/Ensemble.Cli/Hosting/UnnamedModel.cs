using Ensemble.Onnx;
using Microsoft.Extensions.Configuration;

namespace Ensemble.Cli;

/// <summary>A model that the command line gives without a name in the configuration: a folder, or <c>provider/model</c>.</summary>
/// <param name="Name">The name that it gets.</param>
/// <param name="Provider">Who makes its client.</param>
/// <param name="Model">The provider's id of it; for a local model the folder.</param>
internal sealed record UnnamedModel(string Name, string Provider, string Model)
{
    private const string Local = "local";

    /// <summary>Finds a model of the store, or one that the tool brings, by a name that the configuration does not have.</summary>
    /// <param name="model">The name.</param>
    /// <param name="configuration">The configuration, whose names win.</param>
    public static UnnamedModel? FindStored(string model, IConfiguration configuration)
    {
        bool isConfigured = configuration.GetSection($"Ensemble:Models:{model}").Exists() || configuration.GetSection($"Ensemble:Compositions:{model}").Exists();
        return !isConfigured && !string.IsNullOrWhiteSpace(model) && (LocalModelStore.FindFolder(model) is not null || LocalModelInfo.ListShipped().Contains(model)) ? new UnnamedModel("stored", Local, model) : null;
    }

    /// <summary>Reads the value of <c>--model</c>.</summary>
    /// <param name="model">The value.</param>
    /// <returns>The model, or <see langword="null"/> when the value is a name: names have neither separators nor dots.</returns>
    public static UnnamedModel? Parse(string model)
    {
        if (model is "." or ".." || Path.IsPathRooted(model) || model.StartsWith("./", StringComparison.Ordinal) || model.StartsWith("../", StringComparison.Ordinal)
            || model.Contains('\\', StringComparison.Ordinal))
        {
            return new UnnamedModel("folder", Local, Path.GetFullPath(model));
        }

        int slash = model.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            return null;
        }

        // A folder that is there is meant; without one the first part names a provider.
        return Directory.Exists(model) ? new UnnamedModel("folder", Local, Path.GetFullPath(model)) : new UnnamedModel("hosted", model[..slash], model[(slash + 1)..]);
    }
}
