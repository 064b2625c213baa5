using System.Runtime.CompilerServices;

namespace Ensemble.Cli.Tests.Samples;

/// <summary>The samples run with the configuration that they ship; what the local model says depends on the processor, where each question goes does not.</summary>
public class ChoosingSamplesTests
{
    [Test]
    public async Task LocalFirst_SendsEachQuestionWhereItsConfigurationSays()
    {
        StringWriter output = new();
        await LocalFirst.Demonstration.RunAsync(output, Folder("LocalFirst"));
        string[] receipts = [.. output.ToString().Split('\n').Where(line => line.Contains("receipt:", StringComparison.Ordinal))];
        Assert.That(receipts, Has.Length.EqualTo(4), output.ToString());
        Assert.Multiple(() =>
        {
            Assert.That(output.ToString(), Does.Contain("Middle here").And.Contain("Large here"));
            Assert.That(receipts[0], Does.Contain("middle is cheapest of 2"));
            Assert.That(receipts[1], Does.Contain("large is cheapest of 1").And.Contain("middle (Quality)"));
            Assert.That(receipts[2], Does.Contain("middle is").And.Contain("large (PriceCeiling)"));
            Assert.That(receipts[3], Does.Contain("local is").And.Contain("small (SensitiveData)").And.Contain("large (PriceCeiling, SensitiveData)"));
        });
    }

    [Test]
    public async Task ConfigOnly_AnswersAndVotes_WithoutNamingAModelInCode()
    {
        StringWriter output = new();
        await ConfigOnly.Demonstration.RunAsync(output, Folder("ConfigOnly"));
        Assert.That(output.ToString(), Does.Contain("is cheapest of 2 that qualify").And.Contain("jury: "));
    }

    private static string Folder(string sample, [CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../../../samples", sample));
}
