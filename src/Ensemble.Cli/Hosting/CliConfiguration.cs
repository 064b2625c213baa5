using Microsoft.Extensions.Configuration;

namespace Ensemble.Cli;

/// <summary>Where a command's configuration comes from: a file that the user names, or else the model that the tool brings.</summary>
internal static class CliConfiguration
{
    /// <summary>What stands where a file's path would, when no file was named.</summary>
    public const string BuiltInSource = "built in";

    /// <summary>The name of a model that was given on the command line by its folder.</summary>
    public const string FolderModel = "folder";

    private static readonly KeyValuePair<string, string?>[] BuiltIn =
    [
        new("Ensemble:Default", "local"),
        new("Ensemble:Models:local:Provider", "local"),
        new("Ensemble:Models:local:Model", Ensemble.Models.SmolLM2.Name),
    ];

    /// <summary>Reads the configuration.</summary>
    /// <param name="context">Adds the environment's settings, which win over the file's.</param>
    /// <param name="file">The file, or <see langword="null"/> for what is built in.</param>
    /// <param name="folder">A folder to add as the model <see cref="FolderModel"/>, or <see langword="null"/>.</param>
    /// <exception cref="CliException">The file does not exist or is no JSON.</exception>
    public static IConfigurationRoot Read(CliContext context, string? file, string? folder = null)
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
        if (folder is not null)
        {
            builder.AddInMemoryCollection(
            [
                new($"Ensemble:Models:{FolderModel}:Provider", "local"),
                new($"Ensemble:Models:{FolderModel}:Model", Path.GetFullPath(folder)),
            ]);
        }

        try
        {
            return builder.Build();
        }
        catch (InvalidDataException error)
        {
            throw new CliException($"'{file}' is not valid JSON: {error.InnerException?.InnerException?.Message ?? error.InnerException?.Message ?? error.Message}");
        }
    }
}
