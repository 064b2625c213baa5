using Ensemble.Testing;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests.Reliability;

/// <summary>What upstreams do in the field, row by row: the first member is bad, the second good.</summary>
public class UpstreamFaultTests
{
    private static readonly string[] Ten = ["0 ", "1 ", "2 ", "3 ", "4 ", "5 ", "6 ", "7 ", "8 ", "9 ", "10 ", "11 "];

    private static IEnumerable<TestCaseData> BeforeContent()
    {
        yield return Row("ErrorEventFirstInA200Stream", AnswerScript.Text(Ten).ErrorContentAfter(0), FailureClass.Protocol);
        yield return Row("A200WithAJsonErrorBody", AnswerScript.Fail(new ModelHttpException("error in a 200") { StatusCode = 500 }), FailureClass.Transport);
        yield return Row("EmptyCompletion", AnswerScript.Empty(), FailureClass.Empty);
        yield return Row("ChoicesEmpty", AnswerScript.Nothing(), FailureClass.Protocol);
        yield return Row("RateLimitedWithRetryAfter", AnswerScript.RateLimited(TimeSpan.FromSeconds(2)), FailureClass.RateLimited);
        yield return Row("HangsBeforeTheFirstByte", AnswerScript.Hang(), FailureClass.Timeout);
        yield return Row("MalformedFromTheStart", AnswerScript.Text(Ten).MalformedAfter(0), FailureClass.Protocol);
        yield return Row("PromptTooLong", AnswerScript.Http(400, "{\"error\":{\"code\":\"context_length_exceeded\"}}"), FailureClass.PromptTooLong);
        yield return Row("RoleOnlyThenDies", AnswerScript.Text(Ten).RoleFirst().FailAfter(0), FailureClass.Transport);
        yield return Row("RoleOnlyThenEnds", AnswerScript.RoleOnly(), FailureClass.Protocol);
        yield return Row("HtmlWithStatus200", AnswerScript.Fail(new System.Text.Json.JsonException("'<' is an invalid start of a value.")), FailureClass.Protocol);
    }

    private static IEnumerable<TestCaseData> AfterContent()
    {
        yield return Row("DiesAfterTenChunks", AnswerScript.Text(Ten).FailAfter(10), FailureClass.Transport);
        yield return Row("EndsCleanlyWithoutFinishReason", AnswerScript.Text(Ten).CutAfter(10), FailureClass.Protocol);
        yield return Row("ErrorEventAfterChunks", AnswerScript.Text(Ten).ErrorContentAfter(10), FailureClass.Protocol);
        yield return Row("HangsInMidStream", AnswerScript.Text(Ten).HangAfter(10), FailureClass.Timeout);
        yield return Row("MalformedChunk", AnswerScript.Text(Ten).MalformedAfter(10), FailureClass.Protocol);
        yield return Row("StallsForHalfAMinute", AnswerScript.Text(Ten).StallAfter(10, TimeSpan.FromSeconds(30)), FailureClass.Timeout);
    }

    [TestCaseSource(nameof(BeforeContent))]
    public void BeforeTheFirstContent_AnotherMemberAnswersUnseen(AnswerScript bad, FailureClass failure)
    {
        foreach (bool streaming in new[] { false, true })
        {
            AnswersUnseen(bad, failure, streaming);
        }
    }

    private static void AnswersUnseen(AnswerScript bad, FailureClass failure, bool streaming)
    {
        Scene scene = new(null, bad, Scene.Good);
        ChatResponse response = scene.Ask(streaming);
        Assert.Multiple(() =>
        {
            Assert.That(response.Text, Is.EqualTo("The good answer."));
            Assert.That(response, ReceiptIs.WithFailure("a", failure));
            Assert.That(scene.Time.Elapsed, Is.LessThanOrEqualTo(TimeSpan.FromSeconds(1)), "nobody waits longer than one attempt");
        });
        scene.AssertNothingIsLeftBehind();
    }

    [TestCaseSource(nameof(AfterContent))]
    public void AfterContent_TheCallerGetsATypedErrorWithWhatWasReceived_AndNothingElse(AnswerScript bad, FailureClass failure)
    {
        Scene scene = new(null, bad, Scene.Good);
        (string seen, Exception? error) = scene.Watch();
        Assert.Multiple(() =>
        {
            Assert.That(seen, Is.EqualTo("0 1 2 3 4 5 6 7 8 9 "));
            Assert.That((error as StreamInterruptedException)?.Partial?.Text, Is.EqualTo(seen));
            Assert.That(error, ReceiptIs.WithFailure("a", failure));
            Assert.That(scene.Members[1], CountersAre.Untouched);
            Assert.That(scene.Time.Elapsed, Is.LessThanOrEqualTo(TimeSpan.FromSeconds(1)));
        });
        scene.AssertNothingIsLeftBehind();
    }

    [TestCaseSource(nameof(AfterContent))]
    public void WholeAnswer_ThatBreaks_IsAnsweredByTheNext(AnswerScript bad, FailureClass failure)
    {
        Scene scene = new(null, bad, Scene.Good);
        ChatResponse response = scene.Ask(streaming: false);
        Assert.That(response.Text, Is.EqualTo("The good answer."));
        Assert.That(response, ReceiptIs.WithFailure("a", failure));
        scene.AssertNothingIsLeftBehind();
    }

    [TestCaseSource(nameof(AfterContent))]
    public void AfterContent_IfAsked_AnotherMemberGoesOn_Marked(AnswerScript bad, FailureClass failure)
    {
        Scene scene = new(new RouterOptions { ContinueInterrupted = true, IdleTimeout = TimeSpan.FromSeconds(1) }, bad, Scene.Good);
        ChatResponse response = scene.Ask(streaming: true);
        Assert.Multiple(() =>
        {
            Assert.That(response.Text, Is.EqualTo("0 1 2 3 4 5 6 7 8 9 The good answer."));
            Assert.That(response.GetReceipt()!.Notes, Has.Some.Contains("a broke off after 20 characters; b went on"));
            Assert.That(response, ReceiptIs.Degraded);
            Assert.That(response, ReceiptIs.WithFailure("a", failure));
            Assert.That(scene.Members[1].Calls[0].Messages[^2].Text, Is.EqualTo("0 1 2 3 4 5 6 7 8 9 "));
        });
        scene.AssertNothingIsLeftBehind();
    }

    [Test]
    public void CallerLeaves_TheUpstreamIsCancelledAtOnce_AndNothingStartsAnyMore([Values] bool streaming, [Values(0, 10)] int after)
    {
        Scene scene = new(new RouterOptions { IdleTimeout = null }, AnswerScript.Text(Ten).HangAfter(after), Scene.Good);
        using CancellationTokenSource caller = new(TimeSpan.FromSeconds(5), scene.Time);
        OperationCanceledException? error = Assert.Catch<OperationCanceledException>(() => scene.Ask(streaming, caller.Token));
        Assert.Multiple(() =>
        {
            Assert.That(error!.CancellationToken, Is.EqualTo(caller.Token));
            Assert.That(scene.Time.Elapsed, Is.EqualTo(TimeSpan.FromSeconds(5)));
            Assert.That(scene.Members[0].Counters.Cancelled, Is.EqualTo(1));
            Assert.That(scene.Members[1], CountersAre.Untouched);
        });
        scene.AssertNothingIsLeftBehind();
    }

    [Test]
    public void DuplicateFinalPiece_IsDropped_AndItsUsageIsCountedOnce()
    {
        Scene scene = new(null, AnswerScript.Text("one").ReportingUsage(7, 3).RepeatingFinalUpdate());
        ChatResponse response = scene.Ask(streaming: true);
        Assert.Multiple(() =>
        {
            Assert.That(response.Usage!.InputTokenCount, Is.EqualTo(7));
            Assert.That(response.GetReceipt()!.OutputTokens, Is.EqualTo(3));
        });
    }

    [Test]
    public async Task DuplicateFinalPiece_IsPaidOnce()
    {
        Ledger ledger = new(new MemoryLedgerStore(), [new Budget("all", 10m)]);
        EnsembleRuntime runtime = new() { Ledger = ledger };
        IChatClient model = new ScriptedMember("m", new VirtualTime()).Always(AnswerScript.Text("one").ReportingUsage(1000, 1000).RepeatingFinalUpdate())
            .AsModel("m", new Price { InputPerMillion = 1m, OutputPerMillion = 100m }, runtime);
        RouterChatClient router = new("main", [new Member("m", model)], runtime: runtime);
        ChatResponse response = await router.AskAsync(streaming: true);
        Assert.That(response.GetReceipt()!.CostUsd, Is.EqualTo(0.101m));
        Assert.That((await ledger.GetUsageAsync(new UsageQuery())).Sum(line => line.CostUsd), Is.EqualTo(0.101m));
    }

    [Test]
    public async Task ReasoningInManyPieces_BeforeTheText_IsNoFault()
    {
        ChatResponseUpdate[] thoughts = [.. Enumerable.Range(0, 2_000).Select(_ => new ChatResponseUpdate(ChatRole.Assistant, [new TextReasoningContent("so ")]))];
        RouterChatClient router = new("main", [new Member("thinker", FakeClient.Sends([.. thoughts, new ChatResponseUpdate(ChatRole.Assistant, "done") { FinishReason = ChatFinishReason.Stop }]))]);
        ChatResponse response = await router.AskAsync(streaming: true);
        Assert.That(response.Text, Is.EqualTo("done"));
    }

    private static TestCaseData Row(string name, AnswerScript script, FailureClass failure) => new TestCaseData(script, failure).SetArgDisplayNames(name, failure.ToString());
}
