using System.IO.Compression;
using System.Reflection;
using System.Text;
using Ensemble.Tokenization.Tables;

namespace Ensemble.TableGenerator;

/// <summary>Reads the rank files that the Microsoft.ML.Tokenizers data packages embed.</summary>
internal static class RankFile
{
    public static byte[] GenerateMerges(string assemblyName, string resourceName) =>
        VocabularyBuilder.FromRanks(Read(assemblyName, resourceName)).Merges.Data.ToArray();

    /// <summary>The tokens in the order of their ranks.</summary>
    public static List<byte[]> Read(string assemblyName, string resourceName)
    {
        using Stream resource = Assembly.Load(assemblyName).GetManifestResourceStream(resourceName)
            ?? throw new InvalidDataException($"{assemblyName} holds no {resourceName}.");
        using var inflated = new DeflateStream(resource, CompressionMode.Decompress);
        using var reader = new StreamReader(inflated, Encoding.ASCII);
        // One token a line in the order of ranks, after a line that says how many at most.
        string? header = reader.ReadLine();
        if (header?.StartsWith("Capacity: ", StringComparison.Ordinal) != true)
        {
            throw new InvalidDataException($"{resourceName} starts with '{header}' where a capacity was due.");
        }

        var tokens = new List<byte[]>(200_000);
        while (reader.ReadLine() is { } line)
        {
            tokens.Add(Convert.FromBase64String(line));
        }

        return tokens;
    }
}
