using System.Globalization;
using Ensemble.Tests;
using LocalAndHosted;

namespace Ensemble.Providers.Tests;

/// <summary>The sample does what it says, without a key: real SDKs on stand-ins, beside the shipped model.</summary>
internal sealed class SampleTests
{
    [Test]
    public async Task LocalAndHosted_AsAProcess_PrintsItsReceiptsAndEndsWell()
    {
        (int code, string output) = await SampleProcess.RunAsync("LocalAndHosted");
        Assert.That(code, Is.Zero, output);
        Assert.That(output, Does.Contain("receipt: ").And.Contain("mini: Failed").And.Contain("haiku: Failed").And.Contain("local: Answered"));
    }

    [Test]
    public async Task LocalAndHosted_WithoutKeys_GoesOnUnseenFromMemberToMember()
    {
        await using StringWriter output = new(CultureInfo.InvariantCulture);
        await Demonstration.RunAsync(output, useKeys: false, CancellationToken.None);
        string[] receipts = [.. output.ToString().Split('\n').Where(line => line.StartsWith("receipt:", StringComparison.Ordinal))];
        Assert.That(receipts, Has.Length.EqualTo(3));
        Assert.That(receipts[0], Does.Contain("mini answered").And.Not.Contain("failed"));
        Assert.That(receipts[1], Does.Contain("haiku answered; mini failed: Overloaded"));
        Assert.That(receipts[2], Does.Contain("local answered; mini failed: Overloaded; haiku failed: Overloaded"));
        Assert.That(output.ToString(), Does.Contain("Seoul is the capital of South Korea.").And.Contain("The capital of South Korea is Seoul."));
    }
}
