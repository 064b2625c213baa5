using System.Reflection;
using System.Runtime.CompilerServices;
using PublicApiGenerator;

namespace Ensemble.Tests;

/// <summary>Compares a text with the approved file beside a test; <c>ENSEMBLE_APPROVE=1</c> writes the file after an intended change.</summary>
internal static class Approved
{
    /// <summary>The public surface of an assembly, with what stands in the namespaces of others' builders, which the generator leaves out unless told.</summary>
    public static void CheckPublicApi(Assembly assembly, string file, [CallerFilePath] string test = "") =>
        Check(assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false, DenyNamespacePrefixes = [] }), file, test);

    public static void Check(string actual, string file, [CallerFilePath] string test = "")
    {
        string path = Path.Combine(Project(test), file);
        string now = actual.ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable("ENSEMBLE_APPROVE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, now);
        }

        string old = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        Assert.That(now, Is.EqualTo(old), $"{file} differs from what was approved. If that is intended: ENSEMBLE_APPROVE=1 dotnet test, and commit the file.");
    }

    private static string Project(string test)
    {
        string folder = Path.GetDirectoryName(test)!;
        while (Directory.GetFiles(folder, "*.csproj").Length == 0)
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
