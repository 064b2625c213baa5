using Ensemble.Tests;

namespace Ensemble.SemanticKernel.Tests;

/// <summary>The samples do what the page says, as processes and offline.</summary>
internal sealed class SampleTests
{
    [Test]
    public async Task SemanticKernel_CallsThePluginThroughTheEnsemble_WholeAndStreamed()
    {
        (int code, string output) = await SampleProcess.RunAsync("SemanticKernel", "KernelSample");
        Assert.That(code, Is.Zero, output);
        string[] receipts = [.. output.Split('\n').Where(line => line.StartsWith("receipt:", StringComparison.Ordinal))];
        Assert.That(receipts, Has.Length.GreaterThanOrEqualTo(4), output);
        Assert.That(receipts[..^1], Is.All.Contains("hosted answered"));
        Assert.That(receipts[^1], Does.Contain("local answered"));
    }

    [Test]
    public async Task Agent_ToolIsCalledByOneMember_AnotherGoesOnWithItsResult()
    {
        (int code, string output) = await SampleProcess.RunAsync("Agent");
        Assert.That(code, Is.Zero, output);
        Assert.That(output, Does.Contain("(the tool is asked about order 83417)").And.Contain("Your order is in the van, with you before noon."));
        Assert.That(output, Does.Contain("second answered"));
    }
}
