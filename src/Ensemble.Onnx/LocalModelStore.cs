namespace Ensemble.Onnx;

/// <summary>The folder of models that were added to this machine by name (<c>ensemble models add</c>); <see cref="LocalModelOptions.Model"/> takes their names.</summary>
public static class LocalModelStore
{
    /// <summary>The environment variable that names another folder for the store.</summary>
    public const string RootVariable = "ENSEMBLE_MODELS";

    /// <summary>Gets the store's folder: <see cref="RootVariable"/> if it is set, else <c>ensemble/models</c> in the user's folder of local application data. It may not exist.</summary>
    public static string Root => Environment.GetEnvironmentVariable(RootVariable) is { Length: > 0 } set
        ? Path.GetFullPath(set)
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "ensemble", "models");

    /// <summary>Gets the names of the models in the store, those that are being added left out.</summary>
    /// <returns>The names in order; empty when there is none.</returns>
    public static IReadOnlyList<string> ListNames()
    {
        try
        {
            return Directory.Exists(Root)
                ? [.. Directory.EnumerateDirectories(Root).Select(folder => Path.GetFileName(folder)).Where(name => name[0] != '.').Order(StringComparer.Ordinal)]
                : [];
        }
        catch (UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Finds the folder of a stored model.</summary>
    /// <param name="name">The model's name.</param>
    /// <returns>The folder's path, or <see langword="null"/> when the store has no model of that name.</returns>
    public static string? FindFolder(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return name.AsSpan().ContainsAny('/', '\\') || name[0] == '.' || !Directory.Exists(Path.Combine(Root, name)) ? null : Path.Combine(Root, name);
    }
}
