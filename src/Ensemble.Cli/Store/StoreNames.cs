namespace Ensemble.Cli;

/// <summary>Checks names that come from a server or a person before they become paths.</summary>
internal static class StoreNames
{
    /// <summary>Gives the name of a model, from what its source is called unless the user chose one.</summary>
    /// <exception cref="CliException">The chosen name cannot be a folder's.</exception>
    public static string ModelName(string? chosen, string fallback)
    {
        string name = chosen ?? new string([.. fallback.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_' ? letter : '-')]).Trim('-', '.').ToLowerInvariant();
        return name.Length is > 0 and <= 100 && char.IsAsciiLetterOrDigit(name[0]) && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_') && !name.Contains("..", StringComparison.Ordinal)
            ? name
            : throw new CliException($"'{name}' cannot be the name of a model: letters, digits, '-', '_' and '.', and a letter or digit in front. Choose one with --name.");
    }

    /// <summary>Refuses a file's name that would leave the model's folder, or mean something else on another system.</summary>
    /// <exception cref="CliException">The name is unsafe.</exception>
    public static string FileName(string name)
    {
        string[] parts = name.Split('/');
        bool isSafe = name.Length is > 0 and <= 400
            && !name.Any(letter => char.IsControl(letter) || letter is '\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|')
            && parts.All(part => part.Length > 0 && part.Trim(' ', '.').Length > 0 && part[^1] is not ('.' or ' ') && part[0] != ' ');
        return isSafe ? name : throw new CliException($"The source names a file '{OneLine.Of(name)}', which would not stay in the model's folder. Nothing was added; do not trust this source.", ExitCode.Failed);
    }
}
