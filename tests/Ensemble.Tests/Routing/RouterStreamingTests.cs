using Microsoft.Extensions.AI;

namespace Ensemble.Tests;

public class RouterStreamingTests
{
    [Test]
    public async Task NothingReachesTheCaller_BeforeTheFirstContent()
    {
        ChatResponseUpdate[] empties =
        [
            new(ChatRole.Assistant, ""), new() { ResponseId = "r" }, new() { Contents = [new UsageContent(new UsageDetails { InputTokenCount = 3 })] },
            new(ChatRole.Assistant, [new TextReasoningContent("hm")]), new(ChatRole.Assistant, "  "),
        ];
        FakeClient broken = new(_ => empties.ToAsyncEnumerable().Concat(Failing()));
        List<ChatResponseUpdate> updates = [];
        await foreach (ChatResponseUpdate update in Ask.Router(("a", broken), ("b", FakeClient.SaysPieces("good"))).GetStreamingResponseAsync("hello"))
        {
            updates.Add(update);
        }

        Assert.Multiple(() =>
        {
            Assert.That(updates.Any(u => u.ResponseId == "r"), Is.False);
            Assert.That(updates.ToChatResponse().Text, Is.EqualTo("good"));
            Assert.That(updates[^1].GetReceipt()!.Attempts[0].InputTokens, Is.EqualTo(3));
        });
    }

    [Test]
    public async Task Reasoning_CommitsOnlyIfItWasAskedFor()
    {
        FakeClient Thinking() => new(_ => new[] { new ChatResponseUpdate(ChatRole.Assistant, [new TextReasoningContent("hm")]) }.ToAsyncEnumerable().Concat(Failing()));
        ChatOptions options = new() { Reasoning = new ReasoningOptions { Output = ReasoningOutput.Full } };
        ChatResponse unasked = await Ask.Router(("a", Thinking()), ("b", FakeClient.Says("good"))).AskAsync(streaming: true);
        StreamInterruptedException? asked = await Assert.ThrowsAsync<StreamInterruptedException>(
            () => Ask.Router(("a", Thinking()), ("b", FakeClient.Says("good"))).AskAsync(streaming: true, options: options));
        Assert.That((unasked.Text, asked!.Attempts.Count), Is.EqualTo(("good", 1)));
    }

    [Test]
    public async Task Streaming_FailureAfterFirstContent_IsNotRetried_AndCarriesWhatWasReceived()
    {
        FakeClient broken = FakeClient.SaysThenThrows("half an ans", new IOException()), second = FakeClient.Says("good");
        List<string> seen = [];
        StreamInterruptedException? error = await Assert.ThrowsAsync<StreamInterruptedException>(async () =>
        {
            await foreach (ChatResponseUpdate update in Ask.Router(("a", broken), ("b", second)).GetStreamingResponseAsync("hello"))
            {
                seen.Add(update.Text);
            }
        });
        Assert.Multiple(() =>
        {
            Assert.That(string.Concat(seen), Is.EqualTo("half an ans"));
            Assert.That(error!.Partial!.Text, Is.EqualTo("half an ans"));
            Assert.That(error.Receipt!.Attempts.Single().Failure, Is.EqualTo(FailureClass.Transport));
            Assert.That(second.Calls, Is.Empty);
            Assert.That(broken.OpenStreams, Is.Zero);
        });
    }

    [Test]
    public async Task ErrorContentAfterFirstContent_InterruptsTheStream()
    {
        FakeClient broken = FakeClient.Sends(new ChatResponseUpdate(ChatRole.Assistant, "half"), new ChatResponseUpdate(ChatRole.Assistant, [new ErrorContent("boom")]));
        StreamInterruptedException? error = await Assert.ThrowsAsync<StreamInterruptedException>(() => Ask.Router(("a", broken)).AskAsync(streaming: true));
        Assert.That(error!.Partial!.Text, Is.EqualTo("half"));
    }

    [Test]
    public async Task MissingFinishReasonAfterContent_InterruptsTheStreamOfAMemberThatReportsOne()
    {
        FakeClient cut = new FakeClient(_ => FakeClient.Pieces(null, ["half"], finish: null)).With(new MemberTraits { ReportsFinishReason = true });
        StreamInterruptedException? error = await Assert.ThrowsAsync<StreamInterruptedException>(() => Ask.Router(("a", cut)).AskAsync(streaming: true));
        Assert.That(error!.Message, Does.Contain("without a finish reason"));
    }

    [Test]
    public async Task MemberThatNeverSendsContent_IsBounded()
    {
        FakeClient endless = new(_ => Endless());
        ChatResponse response = await Ask.Router(("a", endless), ("b", FakeClient.Says("good"))).AskAsync(streaming: true);
        Assert.Multiple(() =>
        {
            Assert.That(response.Text, Is.EqualTo("good"));
            Assert.That(endless.OpenStreams, Is.Zero);
        });
    }

    [Test]
    public async Task CallerLeaves_TheMemberIsStopped_NobodyElseIsAsked_AndTheReceiptGoesToTheSink()
    {
        List<Receipt> sink = [];
        FakeClient talking = new(_ => Talking()), second = FakeClient.Says("good");
        RouterChatClient router = new("main", [new("a", talking), new("b", second)], null, new EnsembleRuntime { ReceiptSink = new Sink(sink) });
        await foreach (ChatResponseUpdate update in router.GetStreamingResponseAsync("hello"))
        {
            Assert.That(update.Text, Is.EqualTo("word "));
            break;
        }

        Assert.Multiple(() =>
        {
            Assert.That(talking.OpenStreams, Is.Zero);
            Assert.That(talking.Calls[0].CancellationToken.IsCancellationRequested, Is.True);
            Assert.That(second.Calls, Is.Empty);
            Assert.That(sink.Single().Attempts.Single().Outcome, Is.EqualTo(AttemptOutcome.Cancelled));
        });
    }

    [Test]
    public async Task SinkThatThrows_HarmsNobody()
    {
        RouterChatClient router = new("main", [new("a", new FakeClient(_ => Talking()))], null, new EnsembleRuntime { ReceiptSink = new Sink(null) });
        int pieces = 0;
        await foreach (ChatResponseUpdate _ in router.GetStreamingResponseAsync("hello"))
        {
            pieces++;
            break;
        }

        Assert.That(pieces, Is.EqualTo(1));
    }

    [Test]
    public async Task CancellationAfterFirstContent_IsTheCallersOwn()
    {
        using CancellationTokenSource caller = new();
        FakeClient talking = new(_ => Talking());
        OperationCanceledException? error = await Assert.CatchAsync<OperationCanceledException>(async () =>
        {
            await foreach (ChatResponseUpdate _ in Ask.Router(("a", talking)).GetStreamingResponseAsync("hello", null, caller.Token))
            {
                await caller.CancelAsync();
            }
        });
        Assert.Multiple(() =>
        {
            Assert.That(error!.CancellationToken, Is.EqualTo(caller.Token));
            Assert.That(talking.OpenStreams, Is.Zero);
        });
    }

    [Test]
    public async Task EveryStreamThatWasOpened_IsDisposed()
    {
        FakeClient[] members = [FakeClient.Throws(new IOException()), FakeClient.SaysPieces(), FakeClient.Says("good")];
        _ = await Ask.Router(("a", members[0]), ("b", members[1]), ("c", members[2])).AskAsync(streaming: true);
        Assert.That(members.Select(m => (m.Calls.Count, m.OpenStreams)), Is.EqualTo(new[] { (1, 0), (1, 0), (1, 0) }));
    }

    [Test]
    public async Task ReceiptUpdate_IsTheLast_AndLeavesTheMessageAlone()
    {
        List<ChatResponseUpdate> updates = [];
        await foreach (ChatResponseUpdate update in Ask.Router(("a", FakeClient.SaysPieces("one ", "two"))).GetStreamingResponseAsync("hello"))
        {
            updates.Add(update);
        }

        ChatResponse whole = updates.ToChatResponse();
        Assert.Multiple(() =>
        {
            Assert.That((updates[^1].Role, updates[^1].MessageId, updates[^1].Text), Is.EqualTo(((ChatRole?)null, (string?)null, "")));
            Assert.That(updates.Count(u => u.GetReceipt() is not null), Is.EqualTo(1));
            Assert.That(whole.GetReceipt()!.Attempts.Single().TimeToFirstContent, Is.Not.Null);
            Assert.That((whole.Messages.Count, whole.Text, whole.FinishReason), Is.EqualTo((1, "one two", ChatFinishReason.Stop)));
        });
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> Failing()
    {
        await Task.CompletedTask;
        yield return new ChatResponseUpdate();
        throw new IOException("broken pipe");
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> Endless()
    {
        await Task.CompletedTask;
        while (true)
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, "");
        }
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> Talking([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new ChatResponseUpdate(ChatRole.Assistant, "word ");
        }
    }

    private sealed class Sink(List<Receipt>? receipts) : IReceiptSink
    {
        public void Accept(Receipt receipt) => (receipts ?? throw new InvalidOperationException("full")).Add(receipt);
    }
}
