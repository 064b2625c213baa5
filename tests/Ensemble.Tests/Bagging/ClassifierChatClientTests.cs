using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Ensemble.Tests;

public class ClassifierChatClientTests
{
    private static readonly LabeledExample[] Examples =
        [.. Enumerable.Range(0, 16).Select(i => new LabeledExample($"{(i % 2 == 0 ? "good" : "bad")} number {i}", i % 2 == 0 ? "yes" : "no"))];

    private enum Liked
    {
        Yes,
        No,
    }

    private static ClassifierOptions Options => new() { Data = BaggingData.FromExamples(Examples, bags: 5) };

    private static FakeScorer Scorer => new(request => request.Query.Contains("good", StringComparison.Ordinal) ? [-1, -7] : request.Query.Contains("bad", StringComparison.Ordinal) ? [-7, -1] : [-1, -1.01]);

    [Test]
    public async Task Answer_IsTheLabel_WithVoteReceiptAndProbability([Values] bool streaming)
    {
        ClassifierChatClient sut = new("triage", [Local(Scorer)], Options);
        ChatResponse response = await sut.AskAsync(streaming, "bad film");
        Receipt receipt = response.GetReceipt()!;
        Assert.Multiple(() =>
        {
            Assert.That(response.Text, Is.EqualTo("no"));
            Assert.That(response.GetVote()!.Winner, Is.EqualTo("no"));
            Assert.That((receipt.Name, receipt.Kind, receipt.Degraded, receipt.CostUsd), Is.EqualTo(("triage", "classify", false, (decimal?)0)));
            Assert.That(receipt.Attempts, Has.Count.EqualTo(3), "two of five were not needed");
            Assert.That(receipt.Notes.Single(), Does.Contain("2 of 5 voters"));
        });
    }

    [Test]
    public async Task Stream_ShowsEachBallotAsItArrives()
    {
        ClassifierChatClient sut = new("triage", [Local(Scorer)], Options);
        List<ChatResponseUpdate> updates = await sut.GetStreamingResponseAsync("good film").ToListAsync();
        Assert.That(updates.Select(update => update.GetBallot()?.Choice).OfType<string>(), Is.EqualTo(new[] { "yes", "yes", "yes" }));
    }

    [Test]
    public async Task UnsureAnswer_GoesToTheStrongerMember_WhoSeesLabelsAndExamples([Values] bool streaming)
    {
        FakeClient strong = FakeClient.Says("\"yes\"");
        ClassifierChatClient sut = new("triage", [Local(Scorer), new("strong", strong)], Deferring());
        ChatResponse unsure = await sut.AskAsync(streaming, "hm"), sure = await sut.AskAsync(streaming, "bad film");
        FakeCall call = strong.Calls.Single();
        Assert.Multiple(() =>
        {
            Assert.That((unsure.Text, unsure.GetReceipt()!.AnsweredBy), Is.EqualTo(("yes", "strong")));
            Assert.That((sure.Text, sure.GetReceipt()!.AnsweredBy), Is.EqualTo(("no", (string?)null)));
            Assert.That(unsure.GetReceipt()!.Notes, Has.Some.Contains("below 0.9: strong was asked"));
            Assert.That(call.Messages, Has.Count.EqualTo(1 + (2 * 8) + 1), "the labels, the examples of a bag, the text");
            Assert.That(call.Options!.ResponseFormat, Is.InstanceOf<ChatResponseFormatJson>());
        });
    }

    [Test]
    public async Task StrongerMemberThatFails_LeavesTheClassifiersAnswer_Degraded([Values] bool streaming)
    {
        ClassifierChatClient sut = new("triage", [Local(Scorer), new("strong", FakeClient.Throws(new HttpRequestException("down")))], Deferring());
        ChatResponse response = await sut.AskAsync(streaming, "hm");
        Assert.That((response.Text.Length > 0, response.GetReceipt()!.Degraded), Is.EqualTo((true, true)));
        Assert.That(response.GetReceipt()!.Notes, Has.Some.Contains("strong failed"));
    }

    [Test]
    public async Task StrongerMemberThatNamesNoLabel_LeavesTheClassifiersAnswer()
    {
        ClassifierChatClient sut = new("triage", [Local(Scorer), new("strong", FakeClient.Says("who knows"))], Deferring());
        Assert.That((await sut.GetResponseAsync("hm")).GetReceipt()!.Notes, Has.Some.Contains("named none of the labels"));
    }

    [Test]
    public async Task StrongerMemberThatIsCutOff_NamesNoLabel([Values] bool streaming)
    {
        // "It looks like a yes, however" was about to say more.
        FakeClient strong = FakeClient.Sends(new ChatResponseUpdate(ChatRole.Assistant, "The label is yes") { FinishReason = ChatFinishReason.Length });
        ChatResponse response = await new ClassifierChatClient("triage", [Local(Scorer), new("strong", strong)], Deferring()).AskAsync(streaming, "hm");
        Assert.That(response.GetReceipt()!.AnsweredBy, Is.Null);
        Assert.That(response.GetReceipt()!.Notes, Has.Some.Contains("named none of the labels"));
    }

    [Test]
    public async Task EnumAnswer_IsSpelledAsTheCallerSpellsIt()
    {
        ClassifierChatClient sut = new("triage", [Local(Scorer)], Options);
        ChatResponse<Liked> response = await sut.GetResponseAsync<Liked>("bad film");
        Assert.That(response.Result, Is.EqualTo(Liked.No));
        Assert.That((await Assert.ThrowsAsync<UnsupportedOptionException>(() => sut.GetResponseAsync<DayOfWeek>("bad film")))!.Message, Does.Contain("one of yes, no"));
    }

    [Test]
    public async Task WhatNoClassifierCanDo_IsATypedError([Values] bool streaming)
    {
        ClassifierChatClient sut = new("triage", [Local(Scorer)], Options);
        Assert.That((await Assert.ThrowsAsync<UnsupportedOptionException>(() => sut.AskAsync(streaming, " ")))!.Message, Does.Contain("no text"));
        Assert.That((await Assert.ThrowsAsync<UnsupportedOptionException>(() => sut.AskAsync(streaming, options: new ChatOptions { Tools = [AIFunctionFactory.Create(() => 1)] })))!.Message, Does.Contain("tools"));
        Assert.That((await Assert.ThrowsAsync<UnsupportedOptionException>(() => sut.AskAsync(streaming, options: new ChatOptions { ConversationId = "1" })))!.Message, Does.Contain("ConversationId"));
    }

    [Test]
    public async Task CallersCancellation_IsNobodysFailure([Values] bool streaming)
    {
        using CancellationTokenSource stop = new();
        FakeScorer scorer = new(request =>
        {
            if (request.Query.Contains("stop", StringComparison.Ordinal))
            {
                stop.Cancel();
                throw new OperationCanceledException();
            }

            return [-1, -2];
        });
        ClassifierChatClient sut = new("triage", [Local(scorer)], Options);
        await sut.PrepareAsync();
        OperationCanceledException? error = await Assert.CatchAsync<OperationCanceledException>(() => sut.AskAsync(streaming, "stop", cancellationToken: stop.Token));
        Assert.That(error!.CancellationToken, Is.EqualTo(stop.Token));
    }

    [Test]
    public async Task DeadVoter_CostsItsBallotOnly_AllDeadIsATypedFailure([Values] bool streaming)
    {
        int calls = 0;
        FakeScorer scorer = new(request => !request.Query.Contains("film", StringComparison.Ordinal) ? [-1, -1.5]
            : request.Query.Contains("dead", StringComparison.Ordinal) || calls++ == 1 ? throw new HttpRequestException("down") : [-1, -9]);
        ClassifierChatClient sut = new("triage", [Local(scorer)], Options);
        ChatResponse one = await sut.AskAsync(streaming, "good film");
        Assert.That((one.Text, one.GetReceipt()!.Degraded, one.GetVote()!.Ballots.Count), Is.EqualTo(("yes", true, 3)));
        AllMembersFailedException? all = await Assert.ThrowsAsync<AllMembersFailedException>(() => sut.AskAsync(streaming, "dead film"));
        Assert.That(all!.Receipt!.Attempts, Has.Count.EqualTo(5));
    }

    [Test]
    public async Task MemberThatIsDownWhileItIsFitted_IsATypedFailure_AndTheNextRequestTriesAgain([Values] bool streaming)
    {
        bool down = true;
        FakeScorer scorer = new(request => down ? throw new HttpRequestException("down") : request.Query.Contains("good", StringComparison.Ordinal) ? [-1, -7] : [-7, -1]);
        ClassifierChatClient sut = new("triage", [Local(scorer)], Options);
        AllMembersFailedException? error = await Assert.ThrowsAsync<AllMembersFailedException>(() => sut.AskAsync(streaming, "good film"));
        Assert.That((error!.Message, error.InnerException?.Message), Is.EqualTo(("triage: the classifier could not be fitted: HttpRequestException", "down")));
        down = false;
        Assert.That((await sut.AskAsync(streaming, "good film")).Text, Is.EqualTo("yes"));
    }

    [TestCase(2, "yes")]
    [TestCase(0, null)]
    public async Task Deadline_StopsTheVoteWithWhatItHas_MarkedDegraded(int ballots, string? label)
    {
        foreach (bool streaming in new[] { false, true })
        {
            FakeTimeProvider time = new();
            int calls = 0;
            FakeScorer scorer = new(request =>
            {
                if (request.Query.Contains("film", StringComparison.Ordinal) && calls++ == ballots)
                {
                    // The time is over while this voter is at work.
                    time.Advance(TimeSpan.FromSeconds(2));
                    throw new OperationCanceledException();
                }

                return request.Query.Contains("good", StringComparison.Ordinal) ? [-1, -1.3] : [-1.3, -1];
            });
            ClassifierChatClient sut = new("triage", [Local(scorer)], Options, runtime: new EnsembleRuntime { TimeProvider = time });
            await sut.PrepareAsync();
            ChatOptions options = new ChatOptions().WithEnsemble(request => request with { TimeLimit = TimeSpan.FromSeconds(1) });
            if (label is null)
            {
                DeadlineExceededException? error = await Assert.ThrowsAsync<DeadlineExceededException>(() => sut.AskAsync(streaming, "good film", options: options));
                Assert.That(error!.Receipt!.Attempts.Single().Failure, Is.EqualTo(FailureClass.Timeout));
                continue;
            }

            ChatResponse response = await sut.AskAsync(streaming, "good film", options: options);
            Assert.Multiple(() =>
            {
                Assert.That((response.Text, response.GetReceipt()!.Degraded), Is.EqualTo((label, true)));
                Assert.That(response.GetVote()!.Ballots, Has.Count.EqualTo(ballots));
                Assert.That(response.GetReceipt()!.Notes, Has.Some.Contains("The deadline stopped the vote"));
            });
        }
    }

    [Test]
    public async Task Deadline_DoesNotWaitForTheFit([Values] bool streaming)
    {
        FakeTimeProvider time = new();
        TaskCompletionSource entered = new(), gate = new();
        Selection.Semantic.HashedEmbeddings embeddings = new()
        {
            OnCall = (_, _) =>
            {
                entered.TrySetResult();
                return gate.Task;
            },
        };
        ClassifierChatClient sut = new("triage", [], Options, embeddings, new EnsembleRuntime { TimeProvider = time });
        Task<ChatResponse> asked = sut.AskAsync(streaming, "good film", options: new ChatOptions().WithEnsemble(request => request with { TimeLimit = TimeSpan.FromSeconds(2) }));
        await entered.Task;
        time.Advance(TimeSpan.FromSeconds(2));
        DeadlineExceededException error = (await Assert.ThrowsAsync<DeadlineExceededException>(() => asked))!;
        Assert.That(error.Message, Does.StartWith("triage: the deadline has passed while the classifier was fitted").And.Contain("PrepareAsync"));
        gate.SetResult();
        Assert.That((await sut.AskAsync(streaming, "good film")).Text, Is.AnyOf("yes", "no"));
    }

    [Test]
    public async Task Members_VoteInAPanel_WithTheirHabitsOff([Values] bool streaming)
    {
        TextClassifier classifier = await TextClassifier.FitAsync(Local(Scorer).Client, null, Options.Data!);
        PanelChatClient panel = new("jury", [.. classifier.ToMembers(), new("rebel", FakeClient.Says("yes"))], new PanelOptions { Choices = ["yes", "no"], StopsEarly = false });
        Vote vote = (await panel.AskAsync(streaming, "bad film")).GetVote()!;
        Assert.That(vote.Counts, Is.EqualTo(new[] { KeyValuePair.Create("no", 5.0), KeyValuePair.Create("yes", 1.0) }));
    }

    [Test]
    public async Task Registered_ItIsAKeyedClient()
    {
        ServiceCollection services = new();
        services.AddEnsemble()
            .AddModel("local", _ => FakeClient.Says("x").With<IContinuationScorer>(Scorer))
            .AddModel("strong", _ => FakeClient.Says("yes"))
            .AddClassifier("triage", "local, strong", options => (options.Data, options.DeferTo) = (Options.Data, "strong"));
        await using ServiceProvider provider = services.BuildServiceProvider();
        Assert.That((await provider.GetRequiredKeyedService<IChatClient>("triage").GetResponseAsync("bad film")).Text, Is.EqualTo("no"));
    }

    [TestCase("", null, "nobody classifies")]
    [TestCase("a,b", null, "2 language models")]
    [TestCase("a", "c", "no member")]
    public void MembersThatMakeNoClassifier_AreRefusedWithTheFix(string members, string? deferTo, string message)
    {
        Member[] all = [.. members.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(name => new Member(name, FakeClient.Says("x")))];
        ClassifierOptions options = Options;
        options.DeferTo = deferTo;
        Assert.That(() => new ClassifierChatClient("triage", all, options), Throws.ArgumentException.With.Message.Contains(message));
    }

    [Test]
    public void OptionsThatContradict_AreRefused()
    {
        Assert.That(() => new ClassifierChatClient("triage", [Local(Scorer)], new ClassifierOptions()), Throws.ArgumentException.With.Message.Contains("Give Data"));
        ClassifierOptions nobody = Options;
        nobody.DeferBelow = 0.5;
        Assert.That(() => new ClassifierChatClient("triage", [Local(Scorer)], nobody), Throws.ArgumentException.With.Message.Contains("nobody to defer to"));
    }

    private static ClassifierOptions Deferring()
    {
        ClassifierOptions options = Options;
        (options.DeferTo, options.DeferBelow) = ("strong", 0.9);
        return options;
    }

    private static Member Local(FakeScorer scorer) => new("local", FakeClient.Says("x").With<IContinuationScorer>(scorer).With(new MemberTraits { InProcess = true }));
}
