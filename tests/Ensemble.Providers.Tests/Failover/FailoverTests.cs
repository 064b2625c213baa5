using System.Text;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Ensemble.Providers.Tests;

/// <summary>
/// The eighteen rows over real sockets, through the SDKs and a router of two members: fail over unseen until the first content, after it
/// a typed error with what was received; never a joined text, never an invented finish.
/// </summary>
internal sealed class FailoverTests
{
    private static readonly Answer Bad = new() { Pieces = [.. Enumerable.Range(1, 12).Select(i => $"bad{i} ")] };
    private static readonly Answer Good = new() { Pieces = ["The good", " answer."] };

    private static readonly FailureRow[] StreamOnly =
    [
        FailureRow.DiesAfterTenPieces, FailureRow.EndsAfterTenPiecesWithoutFinish, FailureRow.ErrorEventFirst, FailureRow.ErrorEventAfterFivePieces,
        FailureRow.HangsInMidStream, FailureRow.MalformedPiece, FailureRow.CallerLeavesStream, FailureRow.RoleOnlyThenDies,
    ];

    private static readonly FailureRow[] WholeOnly = [FailureRow.HangsInMidJson, FailureRow.MalformedBody, FailureRow.CallerLeavesWhole];

    public static IEnumerable<TestCaseData> Rows =>
        from dialect in DialectScript.All
        from row in Enum.GetValues<FailureRow>()
        from streaming in new[] { false, true }
        where streaming ? !WholeOnly.Contains(row) : !StreamOnly.Contains(row)
        select new TestCaseData(dialect, row, streaming) { TestName = $"Row{(int)row:00}_{row}_{dialect}_{(streaming ? "streamed" : "whole")}" };

    [TestCaseSource(nameof(Rows))]
    public async Task Row(DialectScript dialect, FailureRow row, bool streaming)
    {
        TaskCompletionSource read = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Play play = PlayOf(dialect, row, streaming);
        RecordedRoute bad = RecordingServer.Open(row == FailureRow.DiesAfterTenPieces ? play with { BeforeEnd = read.Task } : play);
        RecordedRoute good = RecordingServer.Open(dialect.PlayOf(Good, streaming));
        ServiceCollection services = new();
        services.AddEnsemble().AddProviders()
            .AddModel("bad", model => dialect.Configure(model, dialect.Preset, bad, ("TimeoutSeconds", TimeoutOf(row))))
            .AddModel("good", model => dialect.Configure(model, dialect.Preset, good))
            .AddRouter("router", "bad, good");
        await using ServiceProvider provider = services.BuildServiceProvider();
        IChatClient router = provider.GetRequiredKeyedService<IChatClient>("router");

        switch (row)
        {
            case FailureRow.CallerLeavesWhole or FailureRow.CallerLeavesStream:
                await CallerLeavesAsync(router, bad, streaming);
                Assert.That(good.Requests, Is.Empty, "Somebody was asked after the caller had left.");
                break;
            case FailureRow.DiesAfterTenPieces or FailureRow.EndsAfterTenPiecesWithoutFinish:
                await InterruptedAsync(router, pieces: 10, read);
                Assert.That(good.Requests, Is.Empty);
                break;
            case FailureRow.ErrorEventAfterFivePieces or FailureRow.HangsInMidStream or FailureRow.MalformedPiece:
                await InterruptedAsync(router, pieces: 5, read);
                Assert.That(good.Requests, Is.Empty);
                break;
            default:
                await AnsweredByGoodAsync(router, streaming);
                Assert.That(bad.Requests, Has.Count.EqualTo(1), "The bad member was asked again.");
                break;
        }
    }

    // Short where the first byte never comes; long enough for a slow machine where content has to come first.
    private static string TimeoutOf(FailureRow row) => row switch
    {
        FailureRow.HangsBeforeTheFirstByte or FailureRow.HangsInMidJson => "0.4",
        FailureRow.HangsInMidStream => "4",
        _ => "60",
    };

    private static Play PlayOf(DialectScript dialect, FailureRow row, bool streaming)
    {
        Play stream = dialect.Stream(Bad);
        Play answer = dialect.PlayOf(Bad, streaming);
        string overloaded = dialect.CodeOf(FailureClass.Overloaded);
        return row switch
        {
            FailureRow.DiesAfterTenPieces => stream.Take(dialect.Preamble + 10, Ending.Reset),
            FailureRow.EndsAfterTenPiecesWithoutFinish => stream.Take(dialect.Preamble + 10, Ending.Complete),
            FailureRow.ErrorEventFirst => stream with { Segments = [dialect.ErrorEvent(overloaded, "Come back later.")] },
            FailureRow.ErrorEventAfterFivePieces => stream.Take(dialect.Preamble + 5, Ending.Complete) is var begun
                ? begun.Insert(begun.Segments.Count, dialect.ErrorEvent(overloaded, "Come back later.")) : stream,
            FailureRow.ErrorBodyWithStatus200 => Play.Json(dialect.ErrorBody(overloaded, "Come back later.")),
            FailureRow.EmptyCompletion => dialect.PlayOf(Bad with { Pieces = [""] }, streaming),
            FailureRow.NoChoices => dialect.WholeWithoutChoices,
            FailureRow.RateLimited => dialect.Error(429, dialect.CodeOf(FailureClass.RateLimited)).With("Retry-After", "2"),
            FailureRow.HangsBeforeTheFirstByte => Play.Silence,
            FailureRow.HangsInMidStream => stream.Take(dialect.Preamble + 5, Ending.Stall),
            FailureRow.HangsInMidJson or FailureRow.CallerLeavesWhole => answer.CutEvery(30).Take(2, Ending.Stall),
            FailureRow.MalformedPiece => stream.Insert(dialect.Preamble + 5, dialect.Malformed),
            FailureRow.MalformedBody => Play.Json("{\"id\":\"x\",\"choices\":[{\"mess"),
            FailureRow.PromptTooLong => dialect.Error(400, dialect.CodeOf(FailureClass.PromptTooLong), "This model's maximum context length is 8192 tokens."),
            FailureRow.CallerLeavesStream => stream.Take(dialect.Preamble + 5, Ending.Stall),
            FailureRow.RoleOnlyThenDies => stream.Take(dialect.Preamble, Ending.Reset),
            FailureRow.HtmlWithStatus200 => Play.Json("<!doctype html><title>Welcome to nginx</title>") with { ContentType = "text/html" },
            _ => throw new ArgumentOutOfRangeException(nameof(row)),
        };
    }

    private static async Task AnsweredByGoodAsync(IChatClient router, bool streaming)
    {
        ChatResponse response = streaming
            ? await router.GetStreamingResponseAsync("?").ToChatResponseAsync()
            : await router.GetResponseAsync("?");
        Assert.That(response.Text, Is.EqualTo(Good.Text));
        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.Stop));
        Receipt receipt = response.GetReceipt()!;
        Assert.That(receipt.AnsweredBy, Is.EqualTo("good"));
        Assert.That(receipt.Attempts.Select(a => a.Outcome), Is.EqualTo([AttemptOutcome.Failed, AttemptOutcome.Answered]));
        Assert.That(receipt.Degraded, Is.True);
    }

    private static async Task InterruptedAsync(IChatClient router, int pieces, TaskCompletionSource read)
    {
        string expected = string.Concat(Bad.Pieces.Take(pieces));
        StringBuilder received = new();
        ChatFinishReason? finish = null;
        StreamInterruptedException? error = null;
        try
        {
            await foreach (ChatResponseUpdate update in router.GetStreamingResponseAsync("?"))
            {
                received.Append(update.Text);
                finish ??= update.FinishReason;
                if (received.Length == expected.Length)
                {
                    read.TrySetResult();
                }
            }
        }
        catch (StreamInterruptedException interrupted)
        {
            error = interrupted;
        }

        Assert.That(error, Is.Not.Null, $"The stream ended well with '{received}'.");
        Assert.That(received.ToString(), Is.EqualTo(expected));
        Assert.That(error!.Partial!.Text, Is.EqualTo(expected));
        Assert.That(finish, Is.Null, "A finish reason was invented.");
    }

    private static async Task CallerLeavesAsync(IChatClient router, RecordedRoute bad, bool streaming)
    {
        using CancellationTokenSource caller = new();
        OperationCanceledException? error;
        if (streaming)
        {
            await using IAsyncEnumerator<ChatResponseUpdate> updates = router.GetStreamingResponseAsync("?", cancellationToken: caller.Token).GetAsyncEnumerator();
            Assert.That(await updates.MoveNextAsync(), Is.True);
            await caller.CancelAsync();
            error = await Assert.CatchAsync<OperationCanceledException>(async () =>
            {
                while (await updates.MoveNextAsync())
                {
                }
            });
        }
        else
        {
            Task<ChatResponse> call = router.GetResponseAsync("?", cancellationToken: caller.Token);
            await bad.FirstRequest.WaitAsync(TimeSpan.FromSeconds(30));
            await caller.CancelAsync();
            error = await Assert.CatchAsync<OperationCanceledException>(async () => await call);
        }

        Assert.That(error!.CancellationToken, Is.EqualTo(caller.Token));
        await bad.Requests.Single().ClientLeft.WaitAsync(TimeSpan.FromSeconds(30));
    }
}
