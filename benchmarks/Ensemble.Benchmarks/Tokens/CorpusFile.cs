using System.IO.Compression;
using System.Text;

namespace Ensemble.Benchmarks.Tokens;

/// <summary>A text to count, in both encodings.</summary>
internal sealed record CorpusFile(string Name, byte[] Utf8, string Utf16)
{
    /// <summary>The texts of a folder, <c>.gz</c> or not; bytes that are not UTF-8 are replaced.</summary>
    public static IEnumerable<CorpusFile> ReadAll(string folder) =>
        Directory.EnumerateFiles(folder)
            .Where(path => Path.GetFileName(path) is not ("README.md" or "counts.json"))
            .Order(StringComparer.Ordinal)
            .Select(Read);

    private static CorpusFile Read(string path)
    {
        using Stream file = File.OpenRead(path);
        using Stream content = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        string text = Encoding.UTF8.GetString(bytes.ToArray());
        string name = Path.GetFileName(path);
        return new CorpusFile(name.EndsWith(".gz", StringComparison.Ordinal) ? name[..^3] : name, Encoding.UTF8.GetBytes(text), text);
    }
}
