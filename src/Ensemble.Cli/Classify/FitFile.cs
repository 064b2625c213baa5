namespace Ensemble.Cli;

/// <summary>The file of a fit: checked before the fit, which takes a while, and written whole or not at all.</summary>
internal sealed class FitFile
{
    private FitFile(string path) => Path = path;

    /// <summary>Gets the path as the user wrote it.</summary>
    public string Path { get; }

    /// <summary>Checks that the file can be written, and would not replace the examples it is made from.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="examples">The file of labelled examples; <see langword="null"/> when a fit was given.</param>
    /// <exception cref="CliException">It cannot.</exception>
    public static FitFile Check(string path, string? examples)
    {
        string full = System.IO.Path.GetFullPath(path);
        return System.IO.Path.GetDirectoryName(full) is not { } folder || Directory.Exists(full) ? throw new CliException($"--save {path} is a folder. Name a file.")
            : !Directory.Exists(folder) ? throw new CliException($"--save {path}: there is no folder '{folder}'. Make it, or name another file.")
            : examples is not null && full == System.IO.Path.GetFullPath(examples) ? throw new CliException($"--save {path} would replace the examples. Name another file.")
            : new FitFile(path);
    }

    /// <summary>Writes the fit; who stops it half-way leaves what was there.</summary>
    public async Task WriteAsync(TextClassifier classifier, CancellationToken cancellationToken)
    {
        string part = $"{Path}.part";
        try
        {
            await using (FileStream json = File.Create(part))
            {
                await classifier.SaveAsync(json, cancellationToken);
            }

            File.Move(part, Path, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }
}
