using Microsoft.Extensions.AI;

namespace Ensemble.Tests;

/// <summary>The code of docs/voting.md; it runs here over fakes in the place of real models.</summary>
public class VotingSnippets
{
    public enum Mood
    {
        Good,
        Bad,
    }

    [Test]
    public async Task Rules()
    {
        Member[] members = [new("a", FakeClient.Says("12 km")), new("b", FakeClient.Says("The answer is 12.")), new("c", FakeClient.Says("13"))];
        #region snippet voting-rule
        PanelChatClient panel = new("jury", members, new PanelOptions
        {
            Normalizer = BallotNormalizer.Number,
            Rule = VoteRule.Quorum(0.6),
            Weights = new Dictionary<string, double> { ["c"] = VoteWeights.LogOdds(accuracy: 0.7) },
            Deadline = TimeSpan.FromSeconds(20),
        });
        #endregion
        Assert.That((await panel.GetResponseAsync("How far?")).GetVote()!.Winner, Is.EqualTo("12"));
    }

    [Test]
    public async Task Typed()
    {
        IChatClient panel = new PanelChatClient("jury", new[] { 4, 5, 5 }.Select((stars, i) => new Member($"m{i}", FakeClient.Says($$"""{"mood":"Good","stars":{{stars}}}"""))));
        #region snippet voting-typed
        ChatResponse<Review> response = await panel.GetResponseAsync<Review>("Read this review: …");
        Review review = response.Result;
        foreach (FieldVote field in response.GetVote()!.Fields)
        {
            Console.WriteLine($"{field.Path}: {field.Value} ({field.Agreement:0%})");
        }
        #endregion
        Assert.That(review, Is.EqualTo(new Review(Mood.Good, 5)));
    }

    [Test]
    public async Task Cascades()
    {
        IChatClient jury = new PanelChatClient("jury", [new("a", FakeClient.Says("1")), new("b", FakeClient.Says("2"))], new PanelOptions { Normalizer = BallotNormalizer.Number });
        IChatClient strong = FakeClient.Says("3");
        #region snippet voting-cascade
        CascadeOptions options = new();
        options.DeferBelow.Agreement = 0.6;
        CascadeChatClient cascade = new("main", [new("jury", jury), new("strong", strong)], options);

        ChatResponse response = await cascade.GetResponseAsync("What is 1 + 2?");
        string why = response.GetReceipt()!.Notes[0];
        #endregion
        Assert.That(why, Is.EqualTo("jury → strong: no agreement at 0.5, and agreement must be 0.6"));
    }

    public sealed record Review(Mood Mood, int Stars);
}
