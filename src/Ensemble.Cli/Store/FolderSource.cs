namespace Ensemble.Cli;

/// <summary>A model in a folder of this machine.</summary>
internal static class FolderSource
{
    public static ModelPlan Plan(string source, string? name)
    {
        string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(source));
        if (!Directory.Exists(folder))
        {
            throw new CliException($"There is no folder '{folder}'. 'models add' takes a folder, the https address of one with {ModelSource.SumsFile}, or hf:owner/name.");
        }

        PlannedFile[] files =
        [
            .. new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories)
                .Where(file => file.Name != StoredModel.FileName)
                .Select(file => new PlannedFile(Path.GetRelativePath(folder, file.FullName).Replace('\\', '/'), file.Length, null, null, file.FullName))
                .OrderBy(file => file.Name, StringComparer.Ordinal),
        ];
        return new ModelPlan
        {
            Name = StoreNames.ModelName(name, Path.GetFileName(folder)),
            Source = folder,
            License = files.FirstOrDefault(file => file.Name.StartsWith("LICENSE", StringComparison.OrdinalIgnoreCase)) is { } license ? FirstLine(license.Location) : null,
            Files = files,
        };
    }

    private static string? FirstLine(string path) => File.ReadLines(path).Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0) is { } line ? OneLine.Of(line) : null;
}
