using Microsoft.Extensions.AI;

namespace Ensemble.Onnx.Tests.Local;

/// <summary>Votes of the shipped model with itself.</summary>
internal sealed class VotingTests
{
    private const string Question = "Is a summer day in the desert hot or cold? Think of the sand, of the sky without a cloud, and of the road that shines.";

    [Test]
    public async Task SamplesOfOneQuestion_ShareThePrefill()
    {
        IReadOnlyList<Member> voters = Member.Create([new MemberOptions { Model = "local", Count = 5, Temperature = 0.7f, Seed = 1 }], _ => SharedSmolLM2.Client);
        PanelChatClient panel = new("jury", voters, new PanelOptions { Choices = ["hot", "cold"], StopsEarly = false });
        ChatOptions options = new() { MaxOutputTokens = 8 };
        Receipt receipt = (await panel.GetResponseAsync(Question, options.WithEnsemble(request => request with { Tenant = "prefill" }))).GetReceipt()!;
        long[] read = [.. receipt.Attempts.Select(attempt => attempt.InputTokens!.Value - (attempt.CachedInputTokens ?? 0))];
        long prompt = receipt.Attempts[0].InputTokens!.Value;
        Assert.Multiple(() =>
        {
            Assert.That(receipt.Attempts.Select(attempt => attempt.InputTokens), Is.All.EqualTo(prompt));
            Assert.That(read.Count(tokens => tokens > 4), Is.LessThanOrEqualTo(1), "one voter reads the question, the others its last tokens");
        });
    }
}
