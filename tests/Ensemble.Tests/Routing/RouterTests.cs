using System.Net;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;

namespace Ensemble.Tests;

public class RouterTests
{
    private static readonly HttpStatusCode[] Elsewhere =
    [
        HttpStatusCode.TooManyRequests, HttpStatusCode.ServiceUnavailable, (HttpStatusCode)529, HttpStatusCode.InternalServerError, HttpStatusCode.BadGateway,
        HttpStatusCode.RequestTimeout, HttpStatusCode.Unauthorized, HttpStatusCode.PaymentRequired, HttpStatusCode.Forbidden, HttpStatusCode.NotFound,
    ];

    [Test]
    public async Task FirstMember_Answers_AndNobodyElseIsAsked([Values] bool streaming)
    {
        FakeClient second = FakeClient.Says("second");
        ChatResponse response = await Ask.Router(("a", FakeClient.Says("first")), ("b", second)).AskAsync(streaming);
        Assert.Multiple(() =>
        {
            Assert.That(response.Text, Is.EqualTo("first"));
            Assert.That(second.Calls, Is.Empty);
            Assert.That(response.GetReceipt()!.AnsweredBy, Is.EqualTo("a"));
            Assert.That(response.GetReceipt()!.Degraded, Is.False);
        });
    }

    [Test]
    public async Task FailureElsewhere_GoesToTheNextMember_AndTheReceiptSaysSo([Values] bool streaming, [ValueSource(nameof(Elsewhere))] HttpStatusCode status)
    {
        FakeClient broken = FakeClient.Throws(() => new HttpRequestException("secret body", null, status));
        ChatResponse response = await Ask.Router(("a", broken), ("b", FakeClient.Says("good"))).AskAsync(streaming);
        Receipt receipt = response.GetReceipt()!;
        Assert.Multiple(() =>
        {
            Assert.That(response.Text, Is.EqualTo("good"));
            Assert.That(receipt.AnsweredBy, Is.EqualTo("b"));
            Assert.That(receipt.Degraded, Is.True);
            Assert.That(receipt.Attempts[0].Outcome, Is.EqualTo(AttemptOutcome.Failed));
            Assert.That(receipt.Attempts[0].Failure, Is.Not.EqualTo(FailureClass.Unknown));
            Assert.That(receipt.Attempts[0].Note, Does.Not.Contain("secret"));
        });
    }

    [Test]
    public async Task FailureOfTheRequest_StopsAtOnce([Values] bool streaming)
    {
        FakeClient second = FakeClient.Says("good");
        FakeClient first = FakeClient.Throws(() => new HttpRequestException("bad", null, HttpStatusCode.BadRequest));
        RequestFailedException? error = await Assert.ThrowsAsync<RequestFailedException>(() => Ask.Router(("a", first), ("b", second)).AskAsync(streaming));
        Assert.Multiple(() =>
        {
            Assert.That(error!.FailureClass, Is.EqualTo(FailureClass.BadRequest));
            Assert.That(error.Member, Is.EqualTo("a"));
            Assert.That(error.Attempts, Has.Count.EqualTo(1));
            Assert.That(second.Calls, Is.Empty);
        });
    }

    [Test]
    public async Task TypedErrorOfAMember_KeepsItsType_AndGetsTheReceipt([Values] bool streaming)
    {
        FakeClient first = FakeClient.Throws(() => new UnsupportedOptionException("MinP is unknown; remove it."));
        UnsupportedOptionException? error = await Assert.ThrowsAsync<UnsupportedOptionException>(() => Ask.Router(("a", first)).AskAsync(streaming));
        Assert.That(error!.Receipt!.Attempts[0].Failure, Is.EqualTo(FailureClass.UnsupportedOption));
    }

    [Test]
    public async Task AllMembersFail_TheErrorCarriesEveryAttempt([Values] bool streaming)
    {
        RouterChatClient router = Ask.Router(("a", FakeClient.Throws(new IOException())), ("b", FakeClient.SaysPieces()));
        AllMembersFailedException? error = await Assert.ThrowsAsync<AllMembersFailedException>(() => router.AskAsync(streaming));
        Assert.That(error!.Attempts.Select(a => a.Failure), Is.EqualTo(new FailureClass?[] { FailureClass.Transport, FailureClass.Empty }));
    }

    [TestCase("", FailureClass.Empty)]
    [TestCase(" \n\t", FailureClass.Empty)]
    public async Task AnswerWithoutText_IsAFailure(string text, FailureClass expected)
    {
        foreach (bool streaming in new[] { false, true })
        {
            ChatResponse response = await Ask.Router(("a", FakeClient.Says(text)), ("b", FakeClient.Says("good"))).AskAsync(streaming);
            Assert.That(response.Text, Is.EqualTo("good"));
            Assert.That(response.GetReceipt()!.Attempts[0].Failure, Is.EqualTo(expected));
        }
    }

    [Test]
    public async Task WhitespaceBeforeText_IsNotLost([Values] bool streaming)
    {
        ChatResponse response = await Ask.Router(("a", FakeClient.SaysPieces("\n", " one", " two"))).AskAsync(streaming);
        Assert.That(response.Text, Is.EqualTo("\n one two"));
    }

    [Test]
    public async Task OutputLimitBeforeText_IsTheRequestsFault([Values] bool streaming)
    {
        FakeClient cut = new(_ => FakeClient.Pieces(null, [], "length"));
        RequestFailedException? error = await Assert.ThrowsAsync<RequestFailedException>(() => Ask.Router(("a", cut), ("b", FakeClient.Says("x"))).AskAsync(streaming));
        Assert.That(error!.FailureClass, Is.EqualTo(FailureClass.OutputLimit));
    }

    [Test]
    public async Task ContentFilter_StopsUnlessTheNextIsAskedFor([Values] bool streaming)
    {
        FakeClient Refusing() => new(_ => FakeClient.Pieces(null, [], "content_filter"));
        RequestFailedException? error = await Assert.ThrowsAsync<RequestFailedException>(() => Ask.Router(("a", Refusing()), ("b", FakeClient.Says("x"))).AskAsync(streaming));
        RouterChatClient lenient = new("main", [new("a", Refusing()), new("b", FakeClient.Says("good"))], new RouterOptions { TryNextOnContentFilter = true });
        ChatResponse response = await lenient.AskAsync(streaming);
        Assert.Multiple(() =>
        {
            Assert.That(error!.FailureClass, Is.EqualTo(FailureClass.ContentFilter));
            Assert.That(response.Text, Is.EqualTo("good"));
        });
    }

    [Test]
    public async Task ErrorInsideAnAnswer_IsAFailure_ARefusalIsAnAnswer([Values] bool streaming)
    {
        FakeClient error = FakeClient.Sends(new ChatResponseUpdate(ChatRole.Assistant, [new ErrorContent("boom")]) { FinishReason = ChatFinishReason.Stop });
        FakeClient refusal = FakeClient.Sends(new ChatResponseUpdate(ChatRole.Assistant, [new ErrorContent("I cannot") { ErrorCode = "Refusal" }]) { FinishReason = ChatFinishReason.Stop });
        ChatResponse afterError = await Ask.Router(("a", error), ("b", FakeClient.Says("good"))).AskAsync(streaming);
        ChatResponse afterRefusal = await Ask.Router(("a", refusal), ("b", FakeClient.Says("good"))).AskAsync(streaming);
        Assert.Multiple(() =>
        {
            Assert.That(afterError.GetReceipt()!.AnsweredBy, Is.EqualTo("b"));
            Assert.That(afterRefusal.GetReceipt()!.AnsweredBy, Is.EqualTo("a"));
        });
    }

    [Test]
    public async Task MissingFinishReason_IsAFailureOnlyForMembersThatReportOne([Values] bool streaming)
    {
        FakeClient NoFinish() => new(_ => FakeClient.Pieces(null, streaming ? [] : ["half an ans"], finish: null));
        ChatResponse unknown = await Ask.Router(("a", new FakeClient(_ => FakeClient.Pieces(null, ["whole"], finish: null)))).AskAsync(streaming);
        FakeClient declared = NoFinish().With(new MemberTraits { ReportsFinishReason = true });
        ChatResponse response = await Ask.Router(("a", declared), ("b", FakeClient.Says("good"))).AskAsync(streaming);
        Assert.Multiple(() =>
        {
            Assert.That(unknown.Text, Is.EqualTo("whole"));
            Assert.That(response.Text, Is.EqualTo("good"));
            Assert.That(response.GetReceipt()!.Attempts[0].Failure, Is.EqualTo(FailureClass.Protocol));
        });
    }

    [Test]
    public async Task AttemptTimeout_GoesToTheNextMember([Values] bool streaming)
    {
        FakeTimeProvider time = new();
        TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        RouterChatClient router = new(
            "main", [new("slow", FakeClient.Hangs(entered)), new("b", FakeClient.Says("good"))],
            new RouterOptions { AttemptTimeout = TimeSpan.FromSeconds(5) }, new EnsembleRuntime { TimeProvider = time });
        Task<ChatResponse> asking = router.AskAsync(streaming);
        await entered.Task;
        time.Advance(TimeSpan.FromSeconds(5));
        ChatResponse response = await asking;
        Assert.Multiple(() =>
        {
            Assert.That(response.Text, Is.EqualTo("good"));
            Assert.That(response.GetReceipt()!.Attempts[0].Failure, Is.EqualTo(FailureClass.Timeout));
            Assert.That(response.GetReceipt()!.Attempts[0].Duration, Is.EqualTo(TimeSpan.FromSeconds(5)));
        });
    }

    [Test]
    public async Task CallersCancellation_IsItsOwn_AndNobodyElseIsAsked([Values] bool streaming)
    {
        using CancellationTokenSource caller = new();
        TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        FakeClient first = FakeClient.Hangs(entered), second = FakeClient.Says("good");
        Task<ChatResponse> asking = Ask.Router(("a", first), ("b", second)).AskAsync(streaming, cancellationToken: caller.Token);
        await entered.Task;
        await caller.CancelAsync();
        OperationCanceledException? error = await Assert.CatchAsync<OperationCanceledException>(() => asking);
        Assert.Multiple(() =>
        {
            Assert.That(error!.CancellationToken, Is.EqualTo(caller.Token));
            Assert.That(second.Calls, Is.Empty);
            Assert.That(first.OpenStreams, Is.Zero);
        });
    }

    [Test]
    public async Task CancellationThatTheCallerDidNotAskFor_IsATimeout([Values] bool streaming)
    {
        ChatResponse response = await Ask.Router(("a", FakeClient.Throws(() => new TaskCanceledException())), ("b", FakeClient.Says("good"))).AskAsync(streaming);
        Assert.That(response.GetReceipt()!.Attempts[0].Failure, Is.EqualTo(FailureClass.Timeout));
    }

    [Test]
    public async Task PromptTooLong_SkipsMembersWithoutALargerWindow([Values] bool streaming)
    {
        FakeClient small = FakeClient.Throws(() => new PromptTooLongException("too long") { PromptTokens = 5000, ContextWindow = 2048 });
        FakeClient same = FakeClient.Says("no").With(new MemberTraits { ContextWindow = 2048 });
        FakeClient large = FakeClient.Says("good").With(new MemberTraits { ContextWindow = 8192 });
        ChatResponse response = await Ask.Router(("small", small), ("same", same), ("large", large)).AskAsync(streaming);
        Assert.Multiple(() =>
        {
            Assert.That(response.Text, Is.EqualTo("good"));
            Assert.That(same.Calls, Is.Empty);
            Assert.That(response.GetReceipt()!.Attempts[1].Outcome, Is.EqualTo(AttemptOutcome.Skipped));
        });
    }

    [Test]
    public async Task ModelIdThatNamesAMember_PutsItFirst_AndIsClearedBeforeMembersSeeIt([Values] bool streaming)
    {
        FakeClient b = FakeClient.Says("b says");
        ChatResponse response = await Ask.Router(("a", FakeClient.Says("a says")), ("b", b)).AskAsync(streaming, options: new ChatOptions { ModelId = "B" });
        Assert.Multiple(() =>
        {
            Assert.That(response.Text, Is.EqualTo("b says"));
            Assert.That(b.Calls[0].Options!.ModelId, Is.Null);
        });
    }

    [Test]
    public async Task ConversationId_PinsToTheMemberThatIssuedIt([Values] bool streaming)
    {
        FakeClient a = FakeClient.Throws(new IOException());
        FakeClient b = FakeClient.Sends(new ChatResponseUpdate(ChatRole.Assistant, "hi") { ConversationId = "c1", FinishReason = ChatFinishReason.Stop });
        RouterChatClient router = Ask.Router(("a", a), ("b", b));
        ChatResponse first = await router.AskAsync(streaming);
        // A fake sends the same update twice; its id was marked in place.
        FakeClient b2 = FakeClient.Says("again");
        _ = await Ask.Router(("a", a), ("b", b2)).AskAsync(streaming, options: new ChatOptions { ConversationId = first.ConversationId });
        Assert.Multiple(() =>
        {
            Assert.That(b2.Calls[0].Options!.ConversationId, Is.EqualTo("c1"));
            Assert.That(a.Calls, Has.Count.EqualTo(1));
        });
    }

    [Test]
    public async Task ConversationOfAMemberThatIsGone_IsAnError_AndGoesOnNowhereElse([Values] bool streaming)
    {
        FakeClient a = FakeClient.Says("hi"), c = FakeClient.Says("hi");
        ChatOptions options = new() { ConversationId = "ensemble:b:c1" };
        Assert.That(async () => await Ask.Router(("a", a), ("c", c)).AskAsync(streaming, options: options), Throws.InstanceOf<UnsupportedOptionException>().With.Message.Contains("begun by 'b', which is no member here"));
        Assert.That((a.Calls.Count, c.Calls.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task ConversationOfAMemberWhoseNameHoldsTheSeparator_StaysThere([Values] bool streaming)
    {
        FakeClient first = FakeClient.Says("first"), tagged = FakeClient.Sends(new ChatResponseUpdate(ChatRole.Assistant, "hi") { ConversationId = "c1", FinishReason = ChatFinishReason.Stop });
        ChatResponse begun = await Ask.Router(("qwen", FakeClient.Throws(new IOException())), ("qwen:7b", tagged)).AskAsync(streaming);
        FakeClient again = FakeClient.Says("again");
        _ = await Ask.Router(("qwen", first), ("qwen:7b", again)).AskAsync(streaming, options: new ChatOptions { ConversationId = begun.ConversationId });
        Assert.That((first.Calls.Count, again.Calls.Single().Options!.ConversationId), Is.EqualTo((0, "c1")));
    }

    [Test]
    public async Task Conversation_StaysWithItsMember_WrittenInOtherCase_OrAloneByNow([Values] bool streaming, [Values] bool alone)
    {
        FakeClient a = FakeClient.Says("hi"), b = FakeClient.Says("hi");
        RouterChatClient router = alone ? Ask.Router(("B", b)) : Ask.Router(("a", a), ("B", b));
        _ = await router.AskAsync(streaming, options: new ChatOptions { ConversationId = "ensemble:b:c1" });
        Assert.That((a.Calls.Count, b.Calls.Single().Options!.ConversationId), Is.EqualTo((0, "c1")));
    }

    [Test]
    public async Task Issue_9_SingleToolCallBehindTheUsage_IsNoRepeatedLastEvent([Values] bool streaming)
    {
        // Three updates that all name the finish, as the adapter of OpenAI sends them: the end, the usage, the call.
        ChatResponseUpdate Part(params AIContent[] contents) => new(ChatRole.Assistant, contents) { ResponseId = "r", MessageId = "m", FinishReason = ChatFinishReason.ToolCalls };
        FakeClient caller = FakeClient.Sends(Part(), Part(new UsageContent(new() { InputTokenCount = 1 })), Part(new FunctionCallContent("1", "clock")));
        ChatResponse response = await Ask.Router(("a", caller)).AskAsync(streaming);
        Assert.That(response.Messages[0].Contents.OfType<FunctionCallContent>().Single().Name, Is.EqualTo("clock"));
    }

    [Test]
    public async Task ToolsAndToolCalls_PassThrough([Values] bool streaming)
    {
        FakeClient caller = FakeClient.Sends(
            new ChatResponseUpdate(ChatRole.Assistant, [new FunctionCallContent("1", "clock")]) { FinishReason = ChatFinishReason.ToolCalls });
        ChatOptions options = new() { Tools = [AIFunctionFactory.Create(() => 12, "clock")] };
        ChatResponse response = await Ask.Router(("a", caller)).AskAsync(streaming, options: options);
        Assert.Multiple(() =>
        {
            Assert.That(response.Messages[0].Contents.OfType<FunctionCallContent>().Single().Name, Is.EqualTo("clock"));
            Assert.That(caller.Calls[0].Options!.Tools, Has.Count.EqualTo(1));
        });
    }

    [Test]
    public async Task RawRepresentationFactory_IsDroppedWithANote_UnlessTheMemberIsNamed([Values] bool streaming)
    {
        FakeClient a = FakeClient.Says("x");
        RouterChatClient router = Ask.Router(("a", a), ("b", FakeClient.Says("y")));
        ChatResponse dropped = await router.AskAsync(streaming, options: new ChatOptions { RawRepresentationFactory = _ => null });
        _ = await router.AskAsync(streaming, options: new ChatOptions { RawRepresentationFactory = _ => null, ModelId = "a" });
        Assert.Multiple(() =>
        {
            Assert.That(dropped.GetReceipt()!.Notes, Has.Count.EqualTo(1));
            Assert.That(a.Calls[0].Options!.RawRepresentationFactory, Is.Null);
            Assert.That(a.Calls[1].Options!.RawRepresentationFactory, Is.Not.Null);
        });
    }

    [Test]
    public void Constructor_RefusesNoMembersSameNamesAndSillyTimeouts()
    {
        Member a = new("a", FakeClient.Says("x"));
        Assert.Multiple(() =>
        {
            Assert.That(() => new RouterChatClient("r", []), Throws.ArgumentException);
            Assert.That(() => new RouterChatClient("r", [a, new("A", FakeClient.Says("x"))]), Throws.ArgumentException.With.Message.Contains("'a'").IgnoreCase);
            Assert.That(() => new RouterChatClient("r", [a], new RouterOptions { AttemptTimeout = TimeSpan.Zero }), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("AttemptTimeout"));
        });
    }

    [Test]
    public void Metadata_NamesTheComposition()
    {
        ChatClientMetadata? metadata = Ask.Router(("a", FakeClient.Says("x"))).GetService<ChatClientMetadata>();
        Assert.That((metadata!.ProviderName, metadata.DefaultModelId), Is.EqualTo(("ensemble", "main")));
    }
}
