using Ensemble.Tests;

namespace Ensemble.Cli.Tests.Samples;

/// <summary>The samples with the shipped model as processes, in a pipe: what a model says depends on the processor, the shape of what is shown does not.</summary>
[NonParallelizable]
internal sealed class SampleTests
{
    [Test]
    public async Task Panel_EachBallotIsALine_AndTheVoteIsExplained()
    {
        (int code, string output) = await SampleProcess.RunAsync("Panel");
        Assert.That(code, Is.Zero, output);
        string[] receipts = [.. output.Split('\n').Where(line => line.StartsWith("panel: ", StringComparison.Ordinal))];
        Assert.Multiple(() =>
        {
            Assert.That(output, Does.Contain("read their examples: 100 %"));
            Assert.That(output, Does.Match(@"  voter\d: \w+").And.Contain("  embedding: ").And.Contain("  habit: billing").And.Contain("broken: no ballot (Transport)"));
            Assert.That(output, Does.Contain("decided early; stopped: voter").And.Match("dissent: .*habit").And.Match(@"\d+ % of the weight is certain, \d+ % possible"));
            Assert.That(receipts, Has.Length.EqualTo(6), output);
            Assert.That(receipts, Has.All.Contains("broken failed: Transport"));
            Assert.That(receipts.Count(line => line.Contains('\u001b', StringComparison.Ordinal)), Is.Zero, "escape sequences in a pipe");
        });
    }

    [Test]
    public async Task Cascade_AnUnsureAnswerGoesOn_AndTheSavingIsPrinted()
    {
        (int code, string output) = await SampleProcess.RunAsync("Cascade");
        Assert.That(code, Is.Zero, output);
        Assert.Multiple(() =>
        {
            Assert.That(output, Does.Contain("  local: The capital of South Korea is Seoul.").And.Match(@"local: mean log-probability -\S+, \S+ above -0\.25"));
            Assert.That(output, Does.Match(@"local → hosted: mean log-probability -\S+, \S+ below -0\.25").And.Contain("  hosted: (a large hosted model would answer this)"));
            Assert.That(output, Does.Match(@"[1-3] of 4 questions stayed on this computer; at \$0\.002 a question that saved \$0\.00\d"));
        });
    }

    [Test]
    public async Task Specialists_WhatFitsNoneGoesToTheGeneralist_InEnglishAndKorean()
    {
        (int code, string output) = await SampleProcess.RunAsync("Specialists");
        Assert.That(code, Is.Zero, output);
        string[] receipts = [.. output.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("receipt: ", StringComparison.Ordinal))];
        string[] general = [.. receipts.Where(line => line.Contains("main: general answered", StringComparison.Ordinal))];
        Assert.Multiple(() =>
        {
            Assert.That(receipts, Has.Length.EqualTo(8), output);
            Assert.That(general, Has.Length.EqualTo(4), output);
            Assert.That(general, Has.All.Match(@"; \$0\.000[1-9]"), "the generalist is the dear one");
            Assert.That(output, Does.Contain("order_number: 83417").And.Contain("mail_address: dana.fox@example.org").And.Contain("semantic: none of these"));
            Assert.That(output, Does.Contain("4 of 8 requests were answered on this computer."));
        });
    }

    [Test]
    public async Task Failover_EachFaultHasItsReceipt_AndAnInterruptedStreamIsNeverJoined()
    {
        (int code, string output) = await SampleProcess.RunAsync("Failover");
        Assert.That(code, Is.Zero, output);
        Assert.Multiple(() =>
        {
            Assert.That(output, Does.Contain("main: east answered").And.Contain("main: west answered; east failed: Transport"));
            Assert.That(output, Does.Contain("east failed: RateLimited").And.Contain("main: west answered; east was skipped"));
            Assert.That(output, Does.Contain("main: local answered; east was skipped; west failed: Empty"));
            Assert.That(output, Does.Contain("  Seoul is … interrupted; received: 'Seoul is '").And.Contain("west failed: Timeout"));
            Assert.That(output, Does.Contain("west failed: Unauthorized").And.Contain("main: local answered; east was skipped; west was skipped"));
        });
    }
}
