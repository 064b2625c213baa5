using System.Text.Json;

namespace Ensemble.Cli;

/// <summary>What the store knows of one model; it lies beside the model's files as <c>ensemble-model.json</c>.</summary>
internal sealed record StoredModel
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "ensemble-model.json";

    /// <summary>Gets the model's name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets where it came from.</summary>
    public required string Source { get; init; }

    /// <summary>Gets the licence as the source states it.</summary>
    public string? License { get; init; }

    /// <summary>Gets when it was added.</summary>
    public DateTimeOffset Added { get; init; }

    /// <summary>Gets the files with the hashes that they had when they were added.</summary>
    public required IReadOnlyList<StoredFile> Files { get; init; }

    /// <summary>Gets the length of all files.</summary>
    public long Bytes => Files.Sum(file => file.Bytes);

    /// <summary>Reads what stands in a folder.</summary>
    /// <returns>What is known, or <see langword="null"/> when the folder has no such file or one that cannot be read.</returns>
    public static StoredModel? Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), CliJson.Default.StoredModel) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
