using System.Globalization;
using Microsoft.Extensions.AI;

namespace Ensemble.Onnx;

/// <summary>Makes the clients of the models whose provider is <c>local</c>.</summary>
internal sealed class LocalModelProvider : IModelProvider
{
    internal const string ProviderName = "local";

    public string Name => ProviderName;

    public bool RunsInProcess => true;

    public IReadOnlyCollection<string> SettingNames { get; } =
    [
        nameof(LocalModelOptions.Template),
        nameof(LocalModelOptions.MaxOutputTokens),
        nameof(LocalModelOptions.Temperature),
        nameof(LocalModelOptions.MaxCacheBytes),
        nameof(LocalModelOptions.MaxConcurrency),
        nameof(LocalModelOptions.MaxQueue),
        nameof(LocalModelOptions.Threads),
    ];

    public IChatClient CreateClient(ModelRegistration model, IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(model);
        LocalModelOptions defaults = new() { Model = "" };
        return new LocalChatClient(new LocalModelOptions
        {
            Model = model.Model ?? throw new ModelLoadException($"{model.Path}:Model is not set: give the name of a shipped model (there: {string.Join(", ", ModelFolder.ShippedNames())}) or the path of a model folder."),
            Template = ReadTemplate(model),
            MaxOutputTokens = Read<int>(model, nameof(LocalModelOptions.MaxOutputTokens)) ?? defaults.MaxOutputTokens,
            Temperature = Read<float>(model, nameof(LocalModelOptions.Temperature)),
            MaxCacheBytes = Read<long>(model, nameof(LocalModelOptions.MaxCacheBytes)) ?? defaults.MaxCacheBytes,
            MaxConcurrency = Read<int>(model, nameof(LocalModelOptions.MaxConcurrency)) ?? defaults.MaxConcurrency,
            MaxQueue = Read<int>(model, nameof(LocalModelOptions.MaxQueue)) ?? defaults.MaxQueue,
            Threads = Read<int>(model, nameof(LocalModelOptions.Threads)),
        });
    }

    public ModelCard? FindCard(ModelRegistration model)
    {
        ArgumentNullException.ThrowIfNull(model);
        try
        {
            LocalModelInfo info = LocalModelInfo.Read(model.Model ?? "");
            return new ModelCard
            {
                Id = info.Name,
                ContextWindow = info.ContextWindow,
                Capabilities = ModelCapabilities.JsonSchema | ModelCapabilities.LogProbabilities,
                EnergyClass = EnergyClass.Tiny,
            };
        }
        catch (Exception exception) when (exception is ModelLoadException or ArgumentException)
        {
            // What is missing is said when the model is loaded; until then nothing is known of it, and rules refuse it.
            return null;
        }
    }

    private static LocalTemplate ReadTemplate(ModelRegistration model)
    {
        if (!model.Settings.TryGetValue(nameof(LocalModelOptions.Template), out string? value))
        {
            return LocalTemplate.Model;
        }

        return value.ToUpperInvariant() switch
        {
            "NONE" => LocalTemplate.None,
            "MODEL" => LocalTemplate.Model,
            _ => throw new ModelLoadException($"{model.Path}:{nameof(LocalModelOptions.Template)} is '{value}': give \"model\" (the model's own chat template) or \"none\" (completion)."),
        };
    }

    private static T? Read<T>(ModelRegistration model, string setting)
        where T : struct, ISpanParsable<T>
    {
        if (!model.Settings.TryGetValue(setting, out string? value))
        {
            return null;
        }

        return T.TryParse(value, CultureInfo.InvariantCulture, out T parsed)
            ? parsed
            : throw new ModelLoadException($"{model.Path}:{setting} is '{value}': give a number.");
    }
}
