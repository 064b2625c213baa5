using Microsoft.Extensions.AI;

namespace Ensemble.Tests;

[NonParallelizable]
public class AllocationTests
{
    [Test]
    public void AskingWhatCountsAsContent_AllocatesNothing()
    {
        TextContent content = new("x");
        Assert.That(Allocated(() => AnswerRules.IsContent(content, wantsReasoning: false)), Is.Zero);
    }

    [Test]
    public void TakingAReceiptOffAnUpdateThatHasNone_AllocatesNothing()
    {
        ChatResponseUpdate update = new(ChatRole.Assistant, "x");
        Assert.That(Allocated(() => ReceiptCarrier.Detach(update, out _) is not null), Is.Zero);
    }

    [Test]
    public void ReadingAFailureClass_AllocatesNothing()
    {
        FailureReader reader = new([]);
        IOException error = new();
        Assert.That(Allocated(() => reader.Read(error).Class == FailureClass.Transport), Is.Zero);
    }

    [Test]
    public void TallyOfNineBallots_AllocatesNothing()
    {
        Ballot[] ballots = [.. Enumerable.Range(0, 9).Select(i => new Ballot { Voter = "v", Choice = new string((char)('a' + (i % 3)), 100) })];
        Assert.That(Allocated(() => Plurality.Lead(ballots).Leader >= 3 && !VoteRule.Plurality.IsDecided(ballots, 1)), Is.Zero);
    }

    private static long Allocated(Func<bool> action)
    {
        bool all = true;
        long bytes = Allocation.Of(() => all &= action());
        Assert.That(all, Is.True);
        return bytes;
    }
}
