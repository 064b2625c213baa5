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
        nameof(LocalModelOptions.Adapter),
        nameof(LocalModelOptions.AllowSpinning),
        nameof(LocalModelOptions.AllLogits),
        nameof(LocalModelOptions.ExecutionProvider),
    ];

    public IEnumerable<string> CheckSettings(ModelRegistration model)
    {
        ArgumentNullException.ThrowIfNull(model);
        List<string> problems = Bind(model).Problems;
        if (model.Model is { Length: > 0 } name && ModelFolder.ProblemWithName(name) is { } missing)
        {
            problems.Add($"{model.Path}:Model: {missing}");
        }

        return problems;
    }

    public IChatClient CreateClient(ModelRegistration model, IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(model);
        (LocalModelOptions options, List<string> problems) = Bind(model);
        return problems.Count == 0 ? new LocalChatClient(options) : throw new ModelLoadException(string.Join(" ", problems));
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

    private static (LocalModelOptions Options, List<string> Problems) Bind(ModelRegistration model)
    {
        List<string> problems = [];
        if (string.IsNullOrWhiteSpace(model.Model))
        {
            problems.Add($"{model.Path}:Model is not set: give the name of a shipped model (there: {string.Join(", ", ModelFolder.ShippedNames())}) or the path of a model folder.");
        }

        LocalModelOptions defaults = new() { Model = "" };
        LocalModelOptions options = new()
        {
            Model = model.Model ?? "",
            Template = ReadTemplate(model, problems),
            MaxOutputTokens = Read<int>(model, nameof(LocalModelOptions.MaxOutputTokens), problems) ?? defaults.MaxOutputTokens,
            Temperature = Read<float>(model, nameof(LocalModelOptions.Temperature), problems),
            MaxCacheBytes = Read<long>(model, nameof(LocalModelOptions.MaxCacheBytes), problems) ?? defaults.MaxCacheBytes,
            MaxConcurrency = Read<int>(model, nameof(LocalModelOptions.MaxConcurrency), problems) ?? defaults.MaxConcurrency,
            MaxQueue = Read<int>(model, nameof(LocalModelOptions.MaxQueue), problems) ?? defaults.MaxQueue,
            Threads = Read<int>(model, nameof(LocalModelOptions.Threads), problems),
            Adapter = model.Settings.GetValueOrDefault(nameof(LocalModelOptions.Adapter)),
            AllowSpinning = ReadSwitch(model, nameof(LocalModelOptions.AllowSpinning), problems),
            AllLogits = ReadSwitch(model, nameof(LocalModelOptions.AllLogits), problems),
            ExecutionProvider = model.Settings.GetValueOrDefault(nameof(LocalModelOptions.ExecutionProvider)),
        };
        problems.AddRange(options.Problems().Select(problem => $"{model.Path}:{problem}"));
        return (options, problems);
    }

    private static LocalTemplate ReadTemplate(ModelRegistration model, List<string> problems)
    {
        if (!model.Settings.TryGetValue(nameof(LocalModelOptions.Template), out string? value))
        {
            return LocalTemplate.Model;
        }

        switch (value.ToUpperInvariant())
        {
            case "NONE":
                return LocalTemplate.None;
            case "MODEL":
                return LocalTemplate.Model;
            default:
                problems.Add($"{model.Path}:{nameof(LocalModelOptions.Template)} is '{value}': give \"model\" (the model's own chat template) or \"none\" (completion).");
                return LocalTemplate.Model;
        }
    }

    private static bool? ReadSwitch(ModelRegistration model, string setting, List<string> problems)
    {
        if (!model.Settings.TryGetValue(setting, out string? value))
        {
            return null;
        }

        if (bool.TryParse(value, out bool parsed))
        {
            return parsed;
        }

        problems.Add($"{model.Path}:{setting} is '{value}': give true or false.");
        return null;
    }

    private static T? Read<T>(ModelRegistration model, string setting, List<string> problems)
        where T : struct, ISpanParsable<T>
    {
        if (!model.Settings.TryGetValue(setting, out string? value))
        {
            return null;
        }

        if (T.TryParse(value, CultureInfo.InvariantCulture, out T parsed))
        {
            return parsed;
        }

        problems.Add($"{model.Path}:{setting} is '{value}': give a number.");
        return null;
    }
}
