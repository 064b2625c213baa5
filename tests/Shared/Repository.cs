using System.Runtime.CompilerServices;

namespace Ensemble.Tests;

/// <summary>Finds files of the repository from where the tests were built.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../.."));
}
