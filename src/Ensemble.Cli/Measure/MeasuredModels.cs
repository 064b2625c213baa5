using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ensemble.Onnx;
using Microsoft.Extensions.Configuration;

namespace Ensemble.Cli;

/// <summary>What was measured on this device: a file for each model's folder.</summary>
internal sealed class MeasuredModels(string root)
{
    private static readonly string[] Settings = [nameof(LocalModelOptions.Threads), nameof(LocalModelOptions.AllowSpinning), nameof(LocalModelOptions.ExecutionProvider)];

    /// <summary>Returns the folder of this user; <see langword="null"/> when the system has none for it.</summary>
    public static string? RootOfProcess() =>
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } data && Path.IsPathRooted(data)
            ? Path.Combine(data, "ensemble", "measured")
            : null;

    /// <summary>Finds what was measured for a folder, whether or not it still holds.</summary>
    public MeasuredModel? Find(string folder)
    {
        try
        {
            string path = PathOf(folder);
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), CliJson.Default.MeasuredModel) : null;
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            // Only a memory of speed: without it the runtime's own choice holds.
            return null;
        }
    }

    /// <summary>Remembers what was measured; a reader sees the old file or the new one, never half of it.</summary>
    /// <exception cref="CliException">The folder cannot be written.</exception>
    public void Save(MeasuredModel model)
    {
        string path = PathOf(model.Folder);
        string half = $"{path}.{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}";
        try
        {
            Directory.CreateDirectory(root);
            File.WriteAllBytes(half, JsonSerializer.SerializeToUtf8Bytes(model, CliJson.Default.MeasuredModel));
            File.Move(half, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"What was measured cannot be kept in '{root}': {error.Message}");
        }
    }

    /// <summary>Gives the settings that were found best to the local models of a configuration that set none themselves.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="say">Told of a model whose figures no longer hold; they are not used then.</param>
    /// <returns>The settings to add.</returns>
    public IReadOnlyDictionary<string, string?> SettingsFor(IConfiguration configuration, Action<string> say)
    {
        Dictionary<string, string?> found = [];
        if (!Directory.Exists(root))
        {
            return found;
        }

        LocalRuntime? runtime = null;
        foreach (IConfigurationSection model in configuration.GetSection("Ensemble:Models").GetChildren())
        {
            if (!"local".Equals(model["Provider"], StringComparison.OrdinalIgnoreCase) || Settings.Any(setting => model[setting] is not null)
                || TryFolder(model["Model"]) is not { } folder || Find(folder) is not { } measured)
            {
                continue;
            }

            runtime ??= LocalRuntime.Describe();
            if (measured.ChangeTo(Now(folder, runtime, measured.Best, measured.Speed, measured.Measured)) is { } change)
            {
                say($"What was measured for '{Path.GetFileName(folder)}' is not used: {change}. Measure again: ensemble models measure {model["Model"]}");
                continue;
            }

            found[$"{model.Path}:{nameof(LocalModelOptions.Threads)}"] = measured.Best.Threads.ToString(CultureInfo.InvariantCulture);
            found[$"{model.Path}:{nameof(LocalModelOptions.AllowSpinning)}"] = measured.Best.AllowSpinning ? "true" : "false";
            found[$"{model.Path}:{nameof(LocalModelOptions.ExecutionProvider)}"] = measured.Best.ExecutionProvider;
        }

        return found;
    }

    /// <summary>Describes a result on this device as it is now.</summary>
    public static MeasuredModel Now(string folder, LocalRuntime runtime, SessionChoice best, MeasuredSpeed speed, DateTimeOffset measured) => new()
    {
        Folder = folder,
        Fingerprint = ModelFingerprint.Of(folder),
        Runtime = $"GenAI {runtime.GenAIVersion}, ONNX Runtime {runtime.OnnxRuntimeVersion}",
        Processor = ProcessorName.Read(runtime),
        Best = best,
        Speed = speed,
        Measured = measured,
    };

    /// <summary>Finds the folder of a local model; <see langword="null"/> when there is none, which is said when it is loaded.</summary>
    public static string? TryFolder(string? model)
    {
        try
        {
            return string.IsNullOrWhiteSpace(model) ? null : LocalModelInfo.Read(model).Folder;
        }
        catch (ModelLoadException)
        {
            return null;
        }
    }

    private string PathOf(string folder) =>
        Path.Combine(root, $"{Path.GetFileName(folder)}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..16]}.json");
}
