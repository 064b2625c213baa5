using System.Security.Cryptography;

namespace Ensemble.Cli;

/// <summary>Hashes the files of a model folder and compares them with what its <c>SHA256SUMS</c> states, if it has one.</summary>
internal static class FileHashes
{
    /// <summary>The name of the list, in the format of <c>sha256sum</c>.</summary>
    public const string ListName = "SHA256SUMS";

    /// <summary>Hashes every file of a folder, in the order of their names.</summary>
    public static async Task<IReadOnlyList<FileFacts>> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, string> stated = await ReadListAsync(folder, cancellationToken);
        List<FileFacts> files = [];
        foreach (string path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(path);
            if (name == ListName)
            {
                continue;
            }

            await using FileStream file = File.OpenRead(path);
            string hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
            files.Add(new FileFacts
            {
                Name = name,
                Bytes = file.Length,
                Sha256 = hash,
                Matches = stated.TryGetValue(name, out string? expected) ? expected.Equals(hash, StringComparison.OrdinalIgnoreCase) : null,
            });
        }

        return files;
    }

    private static async Task<IReadOnlyDictionary<string, string>> ReadListAsync(string folder, CancellationToken cancellationToken)
    {
        string path = Path.Combine(folder, ListName);
        Dictionary<string, string> stated = [];
        if (File.Exists(path))
        {
            foreach (string line in await File.ReadAllLinesAsync(path, cancellationToken))
            {
                // Hash, a space, a space or an asterisk, the name.
                string[] parts = line.Split(' ', 2);
                if (parts.Length == 2 && parts[0].Length == SHA256.HashSizeInBytes * 2)
                {
                    stated[parts[1].TrimStart('*', ' ')] = parts[0];
                }
            }
        }

        return stated;
    }
}
