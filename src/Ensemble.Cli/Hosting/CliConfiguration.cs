using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Ensemble.Cli;

/// <summary>Where a command's configuration comes from: a file that the user names, or else the model that the tool brings.</summary>
internal static class CliConfiguration
{
    /// <summary>What stands where a file's path would, when no file was named.</summary>
    public const string BuiltInSource = "built in";

    private const string DuplicateFix = " Two keys that differ in case only, here or in the path above, are one key: merge them, or rename one.";

    private static readonly KeyValuePair<string, string?>[] BuiltIn =
    [
        new("Ensemble:Default", "local"),
        new("Ensemble:Models:local:Provider", "local"),
        new("Ensemble:Models:local:Model", Ensemble.Models.SmolLM2.Name),
    ];

    /// <summary>Reads the configuration.</summary>
    /// <param name="context">Adds the environment's settings, which win over the file's.</param>
    /// <param name="file">The file, or <see langword="null"/> for what is built in.</param>
    /// <param name="unnamed">A model of the command line to add, or <see langword="null"/>.</param>
    /// <exception cref="CliException">The file does not exist.</exception>
    /// <exception cref="UnreadableConfigurationException">It is no JSON, or a key stands twice.</exception>
    public static IConfigurationRoot Read(CliContext context, string? file, UnnamedModel? unnamed = null)
    {
        ConfigurationBuilder builder = new();
        if (file is null)
        {
            builder.AddInMemoryCollection(BuiltIn);
        }
        else
        {
            string path = Path.GetFullPath(file);
            if (!File.Exists(path))
            {
                throw new CliException($"There is no file '{path}'. --config takes a JSON file with a section \"Ensemble\", for instance an application's appsettings.json.");
            }

            builder.AddJsonFile(path, optional: false, reloadOnChange: false);
        }

        context.AddEnvironment(builder);
        if (unnamed is not null)
        {
            builder.AddInMemoryCollection(
            [
                new($"Ensemble:Models:{unnamed.Name}:Provider", unnamed.Provider),
                new($"Ensemble:Models:{unnamed.Name}:Model", unnamed.Model),
            ]);
        }

        try
        {
            return builder.Build();
        }
        catch (InvalidDataException error)
        {
            // The platform's reader wraps what is no JSON once more than what is JSON and no configuration, such as a key that is there twice.
            throw new UnreadableConfigurationException(error.InnerException is { InnerException: JsonException json }
                ? $"'{file}' is not valid JSON: {json.Message}"
                : $"'{file}' is no configuration: {error.InnerException?.Message ?? error.Message}{(error.InnerException?.Message.Contains("duplicate", StringComparison.OrdinalIgnoreCase) is true ? DuplicateFix : "")}");
        }
    }
}
