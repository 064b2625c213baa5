using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Ensemble.Tests;

public class CascadeTests
{
    [TestCase(-0.1, "cheap")]
    [TestCase(-0.9, "dear")]
    public async Task UnsureAnswer_GoesOnToTheNextMember(double logProbability, string answeredBy)
    {
        foreach (bool streaming in new[] { false, true })
        {
            FakeClient cheap = WithLogProbabilities("cheap", logProbability), dear = FakeClient.Says("dear");
            ChatResponse response = await Cascade(rule => rule.MeanLogProbability = -0.5, cheap, dear).AskAsync(streaming);
            Receipt receipt = response.GetReceipt()!;
            Assert.Multiple(() =>
            {
                Assert.That((response.Text, receipt.AnsweredBy), Is.EqualTo((answeredBy, answeredBy == "cheap" ? "m1" : "m2")));
                Assert.That(receipt.Notes[0], Does.Contain(answeredBy == "cheap" ? "0.4 above -0.5" : "m1 → m2: mean log-probability -0.9, 0.4 below -0.5"));
                Assert.That(receipt.Kind, Is.EqualTo("cascade"));
                Assert.That(cheap.Calls[0].Options.GetRequestedLogProbabilities(), Is.EqualTo(0));
                Assert.That(dear.Calls, Has.Count.EqualTo(answeredBy == "cheap" ? 0 : 1));
            });
        }
    }

    [TestCase("1,1,2", "1", "jury: agreement 0.667, 0.067 above 0.6")]
    [TestCase("1,1,2,2", "dear", "jury → dear: tied at 0.5, and agreement must be 0.6")]
    [TestCase("1,2,3", "dear", "jury → dear: no agreement at 0.333, and agreement must be 0.6")]
    [TestCase("1,1,2,3", "dear", "jury → dear: agreement 0.5, 0.1 below 0.6")]
    public async Task PanelThatDoesNotAgree_IsReplaced_AndTheReceiptSaysByHowMuch(string votes, string text, string reason)
    {
        foreach (bool streaming in new[] { false, true })
        {
            PanelChatClient panel = new("jury", votes.Split(',').Select((vote, i) => new Member($"v{i}", FakeClient.Says(vote))), new PanelOptions { Normalizer = BallotNormalizer.Number });
            CascadeChatClient sut = new("main", [new("jury", panel), new("dear", FakeClient.Says("dear"))], Options(rule => rule.Agreement = 0.6));
            ChatResponse response = await sut.AskAsync(streaming);
            Assert.That(response.Text, Is.EqualTo(text));
            Assert.That(response.GetReceipt()!.Attempts[0].Receipt!.Vote, Is.Not.Null);
            Assert.That(response.GetReceipt()!.ToString(), Does.Contain($"; {reason}"));
        }
    }

    [TestCase("""{"n":1}""", "m1")]
    [TestCase("""{"n":"one"}""", "m2")]
    [TestCase("one", "m2")]
    public async Task AnswerThatDoesNotFitTheSchema_IsReplaced(string answer, string answeredBy)
    {
        ChatOptions options = new() { ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type":"object","properties":{"n":{"type":"integer"}},"required":["n"]}""")) };
        foreach (bool streaming in new[] { false, true })
        {
            ChatResponse response = await Cascade(rule => rule.ValidJson = true, FakeClient.Says(answer), FakeClient.Says("""{"n":2}""")).AskAsync(streaming, options: options);
            Assert.That(response.GetReceipt()!.AnsweredBy, Is.EqualTo(answeredBy));
        }
    }

    [TestCase(0.95, "m1")]
    [TestCase(0.5, "m2")]
    public async Task LabelThatIsNotProbable_IsReplaced(double probability, string answeredBy)
    {
        FakeClient classifier = FakeClient.Sends(new ChatResponseUpdate(ChatRole.Assistant, "billing") { FinishReason = ChatFinishReason.Stop, AdditionalProperties = new() { [LabelConfidence.ResponseKey] = probability } });
        ChatResponse response = await Cascade(rule => rule.LabelProbability = 0.8, classifier, FakeClient.Says("account")).AskAsync(streaming: false);
        Assert.That(response.GetReceipt()!.AnsweredBy, Is.EqualTo(answeredBy));
    }

    [TestCase("hot,hot,hot", "hot", "jury: label probability 0.99, 0.09 above 0.9")]
    [TestCase("hot,hot,cold", "dear", "jury → dear: label probability 0.663, 0.237 below 0.9")]
    public async Task LabelOfHostedVoters_HasTheProbabilityOfTheirVote(string votes, string text, string reason)
    {
        foreach (bool streaming in new[] { false, true })
        {
            PanelOptions options = new() { Choices = ["hot", "cold"], Rule = VoteRule.MeanProbability };
            PanelChatClient panel = new("jury", votes.Split(',').Select((vote, i) => new Member($"v{i}", FakeClient.Says($"\"{vote}\""))), options);
            CascadeChatClient sut = new("main", [new("jury", panel), new("dear", FakeClient.Says("dear"))], Options(rule => rule.LabelProbability = 0.9));
            ChatResponse response = await sut.AskAsync(streaming);
            Assert.That((response.Text, response.GetReceipt()!.Notes[0]), Is.EqualTo((text, reason)));
        }
    }

    [Test]
    public async Task MemberThatDoesNotTell_IsNotTrusted([Values] bool streaming)
    {
        ChatResponse response = await Cascade(rule => rule.MeanLogProbability = -1, FakeClient.Says("a"), FakeClient.Says("b")).AskAsync(streaming);
        Assert.That((response.Text, response.GetReceipt()!.Notes[0]), Is.EqualTo(("b", "m1 → m2: mean log-probability: the answer reports none")));
    }

    [Test]
    public async Task FailedMember_IsPassedOver_AndTheAnswerIsDegraded([Values] bool streaming)
    {
        ChatResponse response = await Cascade(rule => rule.MeanLogProbability = -1, FakeClient.Throws(new IOException()), FakeClient.Says("b")).AskAsync(streaming);
        Assert.That((response.Text, response.GetReceipt()!.Degraded), Is.EqualTo(("b", true)));
    }

    [Test]
    public async Task NobodyAfterTheUnsureAnswer_MakesItStand_Degraded([Values] bool streaming)
    {
        ChatResponse response = await Cascade(rule => rule.MeanLogProbability = -0.5, WithLogProbabilities("unsure", -2), FakeClient.Throws(new IOException())).AskAsync(streaming);
        Assert.Multiple(() =>
        {
            Assert.That((response.Text, response.GetReceipt()!.AnsweredBy), Is.EqualTo(("unsure", "m1")));
            Assert.That(response.GetReceipt()!.Degraded, Is.True);
        });
    }

    [Test]
    public async Task AllFail_IsATypedError([Values] bool streaming)
    {
        AllMembersFailedException? error = await Assert.ThrowsAsync<AllMembersFailedException>(() =>
            Cascade(rule => rule.ValidJson = true, FakeClient.Throws(new IOException()), FakeClient.Throws(new IOException())).AskAsync(streaming));
        Assert.That(error!.Attempts, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Stream_CommitsOnlyAfterTheRuleHasSpoken_AndTheLastMemberStreams()
    {
        FakeClient dear = FakeClient.SaysPieces("b", "c", "d");
        List<ChatResponseUpdate> updates = [];
        await foreach (ChatResponseUpdate update in Cascade(rule => rule.MeanLogProbability = -0.5, WithLogProbabilities("unsure", -2), dear).GetStreamingResponseAsync("?"))
        {
            updates.Add(update);
        }

        Assert.That(updates.Select(u => u.Text).Where(text => text.Length > 0), Is.EqualTo(new[] { "b", "c", "d" }));
    }

    [Test]
    public async Task BrokenLastStream_IsInterrupted_AndLeavingItSettles([Values] bool leaves)
    {
        FakeClient dear = leaves ? FakeClient.SaysPieces("b", "c") : FakeClient.SaysThenThrows("b", new IOException());
        IAsyncEnumerable<ChatResponseUpdate> stream = Cascade(rule => rule.ValidJson = true, FakeClient.Says("no json"), dear).GetStreamingResponseAsync("?");
        if (leaves)
        {
            await foreach (ChatResponseUpdate update in stream)
            {
                break;
            }
        }
        else
        {
            Assert.That((await Assert.ThrowsAsync<StreamInterruptedException>(() => stream.ToChatResponseAsync()))!.Partial, Is.Not.Null);
        }

        Assert.That(dear.OpenStreams, Is.Zero);
    }

    [Test]
    public async Task CallersCancellation_IsTheCallers([Values] bool streaming)
    {
        using CancellationTokenSource caller = new();
        TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<ChatResponse> asking = Cascade(rule => rule.ValidJson = true, FakeClient.Hangs(entered), FakeClient.Says("b")).AskAsync(streaming, cancellationToken: caller.Token);
        await entered.Task;
        await caller.CancelAsync();
        OperationCanceledException? error = await Assert.CatchAsync<OperationCanceledException>(() => asking);
        Assert.That(error!.CancellationToken, Is.EqualTo(caller.Token));
    }

    [Test]
    public void RuleThatSaysNothing_OrIsOutOfRange_IsRefused() => Assert.Multiple(() =>
    {
        Assert.That(() => Cascade(_ => { }, FakeClient.Says("x")), Throws.ArgumentException);
        Assert.That(() => Cascade(rule => rule.Agreement = 1.5, FakeClient.Says("x")), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Cascade(rule => rule.MeanLogProbability = 1, FakeClient.Says("x")), Throws.InstanceOf<ArgumentOutOfRangeException>());
    });

    [TestCase("local", true)]
    [TestCase("local*2", false)]
    [TestCase("local, mini", false)]
    public void CascadeOfOne_IsRefusedWhereItIsAdded_WithTheFix(string members, bool isRefused) => Assert.That(
        () => new ServiceCollection().AddEnsemble().AddCascade("main", members, cascade => cascade.DeferBelow.Agreement = 0.5),
        isRefused ? Throws.ArgumentException.With.Message.Contains("'local' is the only member").And.Message.Contains("Name the one that is asked next") : Throws.Nothing);

    [Test]
    public async Task CascadeOfOneInCode_AnswersWithIt_SureOrNot([Values] bool streaming)
    {
        ChatResponse response = await Cascade(rule => rule.MeanLogProbability = -0.5, WithLogProbabilities("alone", -2)).AskAsync(streaming);
        Assert.That((response.Text, response.GetReceipt()!.Degraded), Is.EqualTo(("alone", false)));
        Assert.That(response.GetReceipt()!.Notes[0], Does.StartWith("m1 is the last member; its answer stands"));
    }

    private static FakeClient WithLogProbabilities(string text, double mean) => FakeClient.Sends(
        new ChatResponseUpdate(ChatRole.Assistant, text)
        {
            FinishReason = ChatFinishReason.Stop,
            AdditionalProperties = new() { [LogProbabilityExtensions.ResponseKey] = new[] { new TokenLogProbability("x", mean), new TokenLogProbability("y", mean) } },
        });

    private static CascadeOptions Options(Action<DeferRule> configure)
    {
        CascadeOptions options = new();
        configure(options.DeferBelow);
        return options;
    }

    private static CascadeChatClient Cascade(Action<DeferRule> configure, params FakeClient[] members) =>
        new("main", members.Select((client, i) => new Member($"m{i + 1}", client)), Options(configure));
}
