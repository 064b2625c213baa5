using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Ensemble.Tokenization.Tests.Texts;

/// <summary>Texts whose tokens were recorded from tiktoken 0.14's Rust core.</summary>
internal static class ReferenceTexts
{
    /// <summary>The set that stands in the project.</summary>
    public static IReadOnlyList<ReferenceText> Own { get; } =
        JsonSerializer.Deserialize<List<ReferenceText>>(File.ReadAllText(Path.Combine(FolderOf(), "reference-ids.json")), JsonSerializerOptions.Web)!;

    /// <summary>The folder of the large shared set, or null on a machine that does not have it.</summary>
    public static string? SharedFolder { get; } = FindShared();

    /// <summary>Ends the test as skipped when the shared set is missing.</summary>
    public static string RequireShared() =>
        SharedFolder ?? throw new IgnoreException("shared/data/tokens is not above this repository; the project's own set is tested all the same.");

    /// <summary>A text of the shared set.</summary>
    public static byte[] ReadShared(string name)
    {
        using var file = new GZipStream(File.OpenRead(Path.Combine(RequireShared(), name + ".gz")), CompressionMode.Decompress);
        using var content = new MemoryStream();
        file.CopyTo(content);
        return content.ToArray();
    }

    /// <summary>The recorded counts of the shared set.</summary>
    public static JsonElement SharedCounts()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(RequireShared(), "counts.json")));
        return document.RootElement.Clone();
    }

    private static string? FindShared()
    {
        for (DirectoryInfo? folder = new(FolderOf()); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared", "data", "tokens");
            if (File.Exists(Path.Combine(candidate, "counts.json")))
            {
                return candidate;
            }
        }

        return null;
    }

    private static string FolderOf([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
