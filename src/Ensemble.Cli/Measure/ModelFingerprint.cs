using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ensemble.Cli;

/// <summary>
/// Tells whether a model's files are still the same without reading gigabytes before each answer: the bytes of the small files, and name, length
/// and time of the last change of the large ones.
/// </summary>
internal static class ModelFingerprint
{
    // Configurations are smaller than that, weights larger.
    private const long SmallBytes = 64 * 1024;

    /// <summary>Reads a folder.</summary>
    public static string Of(string folder)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles().OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{file.Name}\n{file.Length}\n")));
            hash.AppendData(file.Length <= SmallBytes
                ? File.ReadAllBytes(file.FullName)
                : Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{file.LastWriteTimeUtc.Ticks}\n")));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
