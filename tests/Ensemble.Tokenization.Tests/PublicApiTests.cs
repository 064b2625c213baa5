using System.Runtime.CompilerServices;
using PublicApiGenerator;

namespace Ensemble.Tokenization.Tests;

/// <summary>The public surface is the approved one; <c>ENSEMBLE_APPROVE=1</c> writes it anew.</summary>
internal sealed class PublicApiTests
{
    [Test]
    public void PublicApi_IsTheApprovedOne()
    {
        string api = typeof(TokenEncoding).Assembly.GeneratePublicApi(new() { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n") + "\n";
        string path = Path.Combine(FolderOf(), "PublicApi.approved.txt");
        if (Environment.GetEnvironmentVariable("ENSEMBLE_APPROVE") == "1")
        {
            File.WriteAllText(path, api);
        }

        Assert.That(api, Is.EqualTo(File.ReadAllText(path)));
    }

    private static string FolderOf([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
