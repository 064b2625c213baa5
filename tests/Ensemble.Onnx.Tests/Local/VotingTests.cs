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

    [Test]
    public async Task ACascade_JudgesByTheProbabilityOfTheWordsThatWereSaid()
    {
        // The limits are on either side of what the model's own scores of the same words say.
        ChatMessage[] messages = [new(ChatRole.User, "What is the capital of South Korea?")];
        ChatOptions options = new() { Temperature = 0, MaxOutputTokens = 24 };
        string said = (await SharedSmolLM2.Client.GetResponseAsync(messages, options)).Text;
        ContinuationScore score = (await SharedSmolLM2.Client.GetService<IContinuationScorer>()!.ScoreAsync(ScoringRequest.ForMessages(messages, [said]))).Best;
        double mean = score.LogLikelihood / score.Tokens.Count;
        Assert.That((await AnswererAsync(rule => rule.MeanLogProbability = mean - 0.01), await AnswererAsync(rule => rule.MeanLogProbability = mean + 0.01)), Is.EqualTo(("first", "last")));

        async Task<string?> AnswererAsync(Action<DeferRule> set)
        {
            CascadeOptions cascade = new();
            set(cascade.DeferBelow);
            Member[] members = [new("first", SharedSmolLM2.Client), new("last", SharedSmolLM2.Client)];
            return (await new CascadeChatClient("main", members, cascade).GetResponseAsync(messages, options)).GetReceipt()!.AnsweredBy;
        }
    }

    [Test]
    public async Task ACascade_JudgesALabelByItsShareAmongTheChoices()
    {
        ChatMessage[] messages = [new(ChatRole.User, "What is the capital of South Korea?")];
        ContinuationScores scores = await SharedSmolLM2.Client.GetService<IContinuationScorer>()!.ScoreAsync(ScoringRequest.ForMessages(messages, ["Seoul", "Busan"]));
        double share = 1 / (1 + Math.Exp(scores.Scores[1].LogLikelihood - scores.Scores[0].LogLikelihood));
        PanelChatClient panel = new("one", [new("local", SharedSmolLM2.Client)], new PanelOptions { Choices = ["Seoul", "Busan"], Rule = VoteRule.MeanProbability });
        CascadeOptions cascade = new();
        cascade.DeferBelow.LabelProbability = 0.5;
        ChatResponse response = await new CascadeChatClient("main", [new("one", panel), new("last", SharedSmolLM2.Client)], cascade).GetResponseAsync(messages);
        Assert.That((response.Text, response.GetVote()!.Agreement), Is.EqualTo(("Seoul", share)).Using<(string Text, double Share)>((a, b) => a.Text == b.Text && Math.Abs(a.Share - b.Share) < 1e-6));
    }
}
