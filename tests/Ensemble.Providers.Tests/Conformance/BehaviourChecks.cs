using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Ensemble.Providers.Tests;

/// <summary>One check a behaviour; each runs against every dialect, whole and streamed.</summary>
internal static class BehaviourChecks
{
    private static readonly Answer Plain = new();

    private static readonly (int Status, FailureClass Class)[] Statuses =
    [
        (400, FailureClass.BadRequest),
        (401, FailureClass.Unauthorized),
        (402, FailureClass.QuotaExhausted),
        (403, FailureClass.Forbidden),
        (404, FailureClass.ModelNotFound),
        (408, FailureClass.Timeout),
        (409, FailureClass.Transport),
        (413, FailureClass.PromptTooLong),
        (422, FailureClass.BadRequest),
        (429, FailureClass.RateLimited),
        (498, FailureClass.Overloaded),
        (500, FailureClass.Transport),
        (502, FailureClass.Transport),
        (503, FailureClass.Overloaded),
        (504, FailureClass.Timeout),
        (529, FailureClass.Overloaded),
    ];

    public static Task CheckAsync(Behaviour behaviour, DialectScript dialect, bool streaming) => behaviour switch
    {
        Behaviour.Text => TextAsync(dialect, streaming),
        Behaviour.Usage => UsageAsync(dialect, streaming),
        Behaviour.CachedAndReasoningTokens => DetailsAsync(dialect, streaming),
        Behaviour.NoUsage => NoUsageAsync(dialect, streaming),
        Behaviour.ImpossibleUsage => ImpossibleUsageAsync(dialect, streaming),
        Behaviour.ActualModel => ModelAsync(dialect, streaming),
        Behaviour.RequestIdAndRateLimits => HeadersAsync(dialect, streaming),
        Behaviour.OutputLimit => FinishAsync(dialect, streaming, AnswerEnd.Length, ChatFinishReason.Length),
        Behaviour.ContentFilter => FinishAsync(dialect, streaming, AnswerEnd.Filter, ChatFinishReason.ContentFilter),
        Behaviour.Refusal => RefusalAsync(dialect, streaming),
        Behaviour.ParallelToolCalls => CallsAsync(dialect, streaming),
        Behaviour.RequiredTool => RequiredToolAsync(dialect, streaming),
        Behaviour.JsonSchema => SchemaAsync(dialect, streaming),
        Behaviour.LogProbabilities => LogProbabilitiesAsync(dialect, streaming),
        Behaviour.ErrorStatuses => StatusesAsync(dialect, streaming),
        Behaviour.RetryAfter => RetryAfterAsync(dialect, streaming),
        Behaviour.ErrorInPlaceOfAnswer => ErrorInsteadAsync(dialect, streaming),
        Behaviour.ErrorAfterContent => ErrorAfterContentAsync(dialect, streaming),
        Behaviour.NoChoices => FailsAsync(dialect, streaming, dialect.WholeWithoutChoices, FailureClass.Protocol),
        Behaviour.EmptyBody => FailsAsync(dialect, streaming, Play.Json(""), FailureClass.Empty, FailureClass.Protocol),
        Behaviour.MissingFinishReason => FailsAsync(dialect, streaming, streaming ? dialect.StreamWithoutFinish(Plain) : dialect.WholeWithoutFinish(Plain), FailureClass.Protocol),
        Behaviour.ForeignFinishReason => ForeignFinishAsync(dialect, streaming),
        Behaviour.MalformedJson => FailsAsync(dialect, streaming, Broken(dialect, streaming, dialect.Malformed, "{\"id\":\"x\",\"choices\":[{"), FailureClass.Protocol),
        Behaviour.InvalidUtf8 => InvalidUtf8Async(dialect, streaming),
        Behaviour.Html => FailsAsync(dialect, streaming, Play.Json("<!doctype html><title>Welcome</title>") with { ContentType = "text/html" }, FailureClass.Protocol),
        Behaviour.Gzip => AnswersAsync(dialect, streaming, dialect.PlayOf(Plain, streaming).Gzipped(), Plain.Text),
        Behaviour.CutAtEveryByte => AnswersAsync(dialect, streaming, dialect.PlayOf(Plain, streaming).CutEvery(1), Plain.Text),
        Behaviour.CommentsAndUnknownEvents => NoiseAsync(dialect, streaming),
        Behaviour.GiantPiece => GiantAsync(dialect, streaming),
        Behaviour.ConnectionReset => ResetAsync(dialect, streaming),
        Behaviour.Truncation => TruncationAsync(dialect, streaming),
        Behaviour.Stall => StallAsync(dialect, streaming),
        Behaviour.CallerLeaves => CallerLeavesAsync(dialect, streaming),
        Behaviour.KeyIsNeverShown => KeyAsync(dialect, streaming),
        _ => throw new ArgumentOutOfRangeException(nameof(behaviour)),
    };

    private static async Task TextAsync(DialectScript dialect, bool streaming) =>
        await AnswersAsync(dialect, streaming, dialect.PlayOf(Plain, streaming), Plain.Text);

    private static async Task AnswersAsync(DialectScript dialect, bool streaming, Play play, string text)
    {
        ChatResponse response = await AskAsync(dialect, streaming, play);
        Assert.That(response.Text, Is.EqualTo(text));
        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.Stop));
    }

    private static async Task UsageAsync(DialectScript dialect, bool streaming)
    {
        ChatResponse response = await AskAsync(dialect, streaming, dialect.PlayOf(Plain, streaming));
        Assert.That(response.Usage?.InputTokenCount, Is.EqualTo(11));
        Assert.That(response.Usage?.OutputTokenCount, Is.EqualTo(7));
    }

    private static async Task DetailsAsync(DialectScript dialect, bool streaming)
    {
        ChatResponse response = await AskAsync(dialect, streaming, dialect.PlayOf(Plain, streaming));
        Assert.That(response.Usage?.CachedInputTokenCount, Is.EqualTo(4));
        Assert.That(response.Usage?.ReasoningTokenCount, Is.EqualTo(2));
        if (dialect is MessagesScript)
        {
            await CacheWritesAsync(dialect, streaming);
        }
    }

    /// <summary>What was written to the provider's cache is dearer than the rest, and is read from what the SDK reports beside the platform's counts.</summary>
    private static async Task CacheWritesAsync(DialectScript dialect, bool streaming)
    {
        ChatResponse response = await AskAsync(dialect, streaming, dialect.PlayOf(Plain with { Usage = new(Input: 100, Output: 7, Cached: 4, Reasoning: 0, Written: 60) }, streaming));
        using IChatClient model = new Replaying(response).AsModel("m", new Price { InputPerMillion = 3m, OutputPerMillion = 15m, CachedInputPerMillion = 0.3m, CacheWritePerMillion = 3.75m });
        Receipt receipt = (await model.GetResponseAsync("hello")).GetReceipt()!;
        Assert.That(response.Usage?.InputTokenCount, Is.EqualTo(100));
        Assert.That(receipt.CostUsd, Is.EqualTo(((36 * 3m) + (4 * 0.3m) + (60 * 3.75m) + (7 * 15m)) / 1_000_000m));
    }

    private sealed class Replaying(ChatResponse response) : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => Task.FromResult(response);

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            response.ToChatResponseUpdates().ToAsyncEnumerable();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }

    private static async Task NoUsageAsync(DialectScript dialect, bool streaming)
    {
        ChatResponse response = await AskAsync(dialect, streaming, dialect.PlayOf(Plain with { Usage = null }, streaming));
        Assert.That(response.Text, Is.EqualTo(Plain.Text));
        Assert.That(response.Usage?.OutputTokenCount ?? 0, Is.Zero);
    }

    private static async Task ImpossibleUsageAsync(DialectScript dialect, bool streaming)
    {
        ChatResponse response = await AskAsync(dialect, streaming, dialect.PlayOf(Plain with { Usage = new(Input: 11, Output: -7, Cached: 0, Reasoning: 0) }, streaming));
        Assert.That(response.Text, Is.EqualTo(Plain.Text));
        Assert.That(response.Usage?.OutputTokenCount ?? 0, Is.Zero);
        Assert.That(response.GetProviderInfo()!.Notes, Has.Some.Contains("impossible"));
    }

    private static async Task ModelAsync(DialectScript dialect, bool streaming)
    {
        ChatResponse response = await AskAsync(dialect, streaming, dialect.PlayOf(Plain, streaming));
        Assert.That(response.ModelId, Is.EqualTo("test-model-2026-01-01"));
        Assert.That(response.GetProviderInfo()!.Model, Is.EqualTo("test-model-2026-01-01"));
    }

    private static async Task HeadersAsync(DialectScript dialect, bool streaming)
    {
        Play play = dialect.PlayOf(Plain, streaming).With("x-request-id", "req_42").With("x-ratelimit-remaining-requests", "59").With("anthropic-ratelimit-tokens-remaining", "1000");
        ProviderInfo info = (await AskAsync(dialect, streaming, play)).GetProviderInfo()!;
        Assert.That(info.Provider, Is.EqualTo(dialect.Preset));
        Assert.That(info.RequestId, Is.EqualTo("req_42"));
        Assert.That(info.RateLimits["x-ratelimit-remaining-requests"], Is.EqualTo("59"));
        Assert.That(info.RateLimits["anthropic-ratelimit-tokens-remaining"], Is.EqualTo("1000"));
    }

    private static async Task FinishAsync(DialectScript dialect, bool streaming, AnswerEnd end, ChatFinishReason expected)
    {
        ChatResponse response = await AskAsync(dialect, streaming, dialect.PlayOf(Plain with { End = end }, streaming));
        Assert.That(response.FinishReason, Is.EqualTo(expected));
        Assert.That(response.Text, Is.EqualTo(Plain.Text));
    }

    private static async Task RefusalAsync(DialectScript dialect, bool streaming)
    {
        ChatResponse response = await AskAsync(dialect, streaming, dialect.PlayOf(Plain with { Pieces = [], Refusal = "I cannot help with that." }, streaming));
        ErrorContent[] refusals = [.. response.Messages.SelectMany(m => m.Contents).OfType<ErrorContent>()];
        Assert.That(refusals.Select(r => r.Message), Has.Some.EqualTo("I cannot help with that."));
        Assert.That(refusals.Select(r => r.ErrorCode), Is.All.EqualTo("Refusal"));
    }

    private static readonly Answer TwoCalls = Plain with
    {
        Pieces = [],
        End = AnswerEnd.Calls,
        Calls = [new("call_1", "weather", ["{\"city\":", "\"Bern", "\"}"]), new("call_2", "time", ["{\"zone\":\"CET\"}"])],
    };

    private static readonly AIFunctionDeclaration[] Tools =
    [
        AIFunctionFactory.CreateDeclaration("weather", "The weather of a city.", JsonElement.Parse("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""")),
        AIFunctionFactory.CreateDeclaration("time", "The time of a zone.", JsonElement.Parse("""{"type":"object","properties":{"zone":{"type":"string"}},"required":["zone"]}""")),
    ];

    private static async Task CallsAsync(DialectScript dialect, bool streaming)
    {
        ChatResponse response = await AskAsync(dialect, streaming, dialect.PlayOf(TwoCalls, streaming), new() { Tools = [.. Tools] });
        FunctionCallContent[] calls = [.. response.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>()];
        Assert.That(calls.Select(c => c.Name), Is.EqualTo(["weather", "time"]));
        Assert.That(calls.Select(c => c.CallId).Distinct().Count(), Is.EqualTo(2));
        Assert.That(calls[0].Arguments!["city"]!.ToString(), Is.EqualTo("Bern"));
        Assert.That(calls[1].Arguments!["zone"]!.ToString(), Is.EqualTo("CET"));
        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.ToolCalls));
    }

    private static async Task RequiredToolAsync(DialectScript dialect, bool streaming)
    {
        RecordedRoute route = RecordingServer.Open(dialect.PlayOf(TwoCalls, streaming));
        using IChatClient client = dialect.Connect(route, ("StrictOptions", "true"));
        await AskAsync(client, streaming, new() { Tools = [.. Tools], ToolMode = ChatToolMode.RequireSpecific("weather") });
        Assert.That(route.Requests.Single().Json.GetProperty("tool_choice").GetRawText(), Does.Contain("weather"));
    }

    private static async Task SchemaAsync(DialectScript dialect, bool streaming)
    {
        Answer json = Plain with { Pieces = ["{\"city\":", "\"Bern\"}"] };
        RecordedRoute route = RecordingServer.Open(dialect.PlayOf(json, streaming));
        using IChatClient client = dialect.Connect(route);
        ChatResponse response = await AskAsync(client, streaming, new()
        {
            ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}"""), "place"),
        });
        Assert.That(response.Text, Is.EqualTo("{\"city\":\"Bern\"}"));
        Assert.That(JsonSerializer.Serialize(route.Requests.Single().Json), Does.Contain("\"required\":[\"city\"]"));
        Assert.That(response.GetProviderInfo()!.Notes, Is.Empty);
    }

    private static async Task LogProbabilitiesAsync(DialectScript dialect, bool streaming)
    {
        RecordedRoute route = RecordingServer.Open(dialect.PlayOf(Plain with { LogProbabilities = true }, streaming));
        using IChatClient client = dialect.Connect(route, ("StrictOptions", "true"));
        List<TokenLogProbability> tokens = [];
        ChatOptions options = new ChatOptions().WithLogProbabilities(1);
        if (streaming)
        {
            await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync("?", options))
            {
                tokens.AddRange(update.GetLogProbabilities() ?? []);
            }
        }
        else
        {
            tokens.AddRange((await client.GetResponseAsync("?", options)).GetLogProbabilities() ?? []);
        }

        Assert.That(tokens.Select(t => t.Token), Is.EqualTo(Plain.Pieces));
        Assert.That(tokens.Select(t => t.LogProbability), Is.All.EqualTo(-0.25));
        Assert.That(tokens[0].Top.Single().Token, Is.EqualTo(Plain.Pieces[0]));
        if (dialect.Api == "responses")
        {
            Assert.That(route.Requests.Single().Json.GetProperty("include").EnumerateArray().Single().GetString(), Is.EqualTo("message.output_text.logprobs"));
        }
        else
        {
            Assert.That(route.Requests.Single().Json.GetProperty("logprobs").GetBoolean(), Is.True);
        }

        Assert.That(route.Requests.Single().Json.GetProperty("top_logprobs").GetInt32(), Is.EqualTo(1));
    }

    private static async Task StatusesAsync(DialectScript dialect, bool streaming)
    {
        foreach ((int status, FailureClass expected) in Statuses)
        {
            ProviderException error = await FailAsync(dialect, streaming, dialect.Error(status, "unheard_of"));
            Assert.That((error.FailureClass, error.StatusCode), Is.EqualTo((expected, status)));
        }
    }

    private static async Task RetryAfterAsync(DialectScript dialect, bool streaming)
    {
        Play play = dialect.Error(429, dialect.CodeOf(FailureClass.RateLimited)).With("Retry-After", "7").With("request-id", "req_9");
        ProviderException error = await FailAsync(dialect, streaming, play);
        Assert.That(error.FailureClass, Is.EqualTo(FailureClass.RateLimited));
        Assert.That(error.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(7)));
        Assert.That(error.RequestId, Is.EqualTo("req_9"));
    }

    private static async Task ErrorInsteadAsync(DialectScript dialect, bool streaming)
    {
        string code = dialect.CodeOf(FailureClass.Overloaded);
        Play body = Play.Json(dialect.ErrorBody(code, "Come back later."));
        Assert.That((await FailAsync(dialect, streaming, body)).FailureClass, Is.EqualTo(FailureClass.Overloaded));
        if (streaming)
        {
            Play events = dialect.Stream(Plain) with { Segments = [dialect.ErrorEvent(code, "Come back later.")] };
            Assert.That((await FailAsync(dialect, streaming, events)).FailureClass, Is.EqualTo(FailureClass.Overloaded));
        }
    }

    private static async Task ErrorAfterContentAsync(DialectScript dialect, bool streaming)
    {
        string code = dialect.CodeOf(FailureClass.Overloaded);
        if (!streaming)
        {
            // A whole answer has no middle: an answer with an error beside it is an error.
            await FailsAsync(dialect, streaming, Play.Json(dialect.ErrorBody(code, "?")), FailureClass.Overloaded);
            return;
        }

        Play play = dialect.Stream(Plain);
        play = play.Take(dialect.Preamble + 2, Ending.Complete);
        play = play.Insert(play.Segments.Count, dialect.ErrorEvent(code, "Come back later.")).Joined();
        (string received, ProviderException error) = await ReadUntilFailureAsync(dialect, play);
        Assert.That(received, Is.EqualTo(Plain.Pieces[0] + Plain.Pieces[1]), "What came before the error is lost.");
        Assert.That(error.FailureClass, Is.EqualTo(FailureClass.Overloaded));
    }

    private static async Task ForeignFinishAsync(DialectScript dialect, bool streaming)
    {
        ProviderException error = await FailAsync(dialect, streaming, streaming ? dialect.StreamWithForeignFinish(Plain) : dialect.WholeWithForeignFinish(Plain));
        Assert.That(error.FailureClass, Is.EqualTo(FailureClass.Protocol));
        Assert.That(error.Message, Does.Contain("unknown finish reason"));
    }

    private static async Task InvalidUtf8Async(DialectScript dialect, bool streaming)
    {
        Play whole = dialect.Whole(Plain);
        byte[] body = whole.Segments[0];
        int at = body.AsSpan().IndexOf("forty"u8);
        body[at] = 0xFF;
        Play play = streaming ? Broken(dialect, streaming, dialect.InvalidUtf8, "") : whole;
        await FailsAsync(dialect, streaming, play, FailureClass.Protocol);
    }

    private static Play Broken(DialectScript dialect, bool streaming, byte[] brokenEvent, string brokenBody)
    {
        Play stream = dialect.Stream(Plain);
        return streaming ? stream.Insert(dialect.Preamble + 1, brokenEvent) : Play.Json(brokenBody);
    }

    private static async Task NoiseAsync(DialectScript dialect, bool streaming)
    {
        Play play = dialect.PlayOf(Plain, streaming);
        if (streaming)
        {
            for (int i = play.Segments.Count - 1; i >= 0; i--)
            {
                foreach (byte[] noise in dialect.Noise)
                {
                    play = play.Insert(i, noise);
                }
            }
        }
        else
        {
            play = play with { Segments = [Encoding.UTF8.GetBytes(" \r\n"), .. play.Segments, Encoding.UTF8.GetBytes("\n\n")] };
        }

        await AnswersAsync(dialect, streaming, play, Plain.Text);
    }

    private static async Task GiantAsync(DialectScript dialect, bool streaming)
    {
        string giant = string.Concat(Enumerable.Repeat("0123456789äöü", 80_000));
        Answer answer = Plain with { Pieces = ["a ", giant, " z"] };
        await AnswersAsync(dialect, streaming, dialect.PlayOf(answer, streaming), answer.Text);
    }

    private static async Task ResetAsync(DialectScript dialect, bool streaming)
    {
        Play play = dialect.PlayOf(Plain, streaming);
        play = streaming ? play.Take(dialect.Preamble + 2, Ending.Reset) : play.CutEvery(20).Take(3, Ending.Reset);
        ProviderException error = await FailAsync(dialect, streaming, play);
        Assert.That(error.FailureClass, Is.EqualTo(FailureClass.Transport).Or.EqualTo(FailureClass.Protocol));
    }

    private static async Task TruncationAsync(DialectScript dialect, bool streaming)
    {
        Play play = dialect.PlayOf(Plain, streaming);
        if (streaming)
        {
            (string received, ProviderException error) = await ReadUntilFailureAsync(dialect, play.Take(dialect.Preamble + 3, Ending.Complete));
            Assert.That(received, Is.EqualTo(string.Concat(Plain.Pieces.Take(3))));
            Assert.That(error.FailureClass, Is.EqualTo(FailureClass.Protocol));
        }
        else
        {
            await FailsAsync(dialect, streaming, play with { Ending = Ending.ShortOfLength }, FailureClass.Protocol, FailureClass.Transport);
        }
    }

    private static async Task StallAsync(DialectScript dialect, bool streaming)
    {
        Play[] plays = streaming
            ? [Play.Silence, dialect.Stream(Plain).Take(dialect.Preamble + 1, Ending.Stall)]
            : [Play.Silence, dialect.Whole(Plain).CutEvery(20).Take(2, Ending.Stall)];
        foreach (Play play in plays)
        {
            RecordedRoute route;
            string[] limits = ["0.25", "1", "4"];
            int attempt = 0;
            do
            {
                // On a busy machine the limit may end before the request has reached the server: then more time is given.
                route = RecordingServer.Open(play);
                using IChatClient client = dialect.Connect(route, ("TimeoutSeconds", limits[attempt]));
                ProviderException error = (await Assert.ThrowsAsync<ProviderException>(() => AskAsync(client, streaming, null)))!;
                Assert.That(error.FailureClass, Is.EqualTo(FailureClass.Timeout));
            }
            while (!route.Requests.Any() && ++attempt < limits.Length);

            await route.Requests.Single().ClientLeft.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    private static async Task CallerLeavesAsync(DialectScript dialect, bool streaming)
    {
        RecordedRoute route = RecordingServer.Open(streaming ? dialect.Stream(Plain).Take(dialect.Preamble + 1, Ending.Stall) : dialect.Whole(Plain).CutEvery(20).Take(2, Ending.Stall));
        using IChatClient client = dialect.Connect(route);
        using CancellationTokenSource caller = new();
        if (streaming)
        {
            await using IAsyncEnumerator<ChatResponseUpdate> updates = client.GetStreamingResponseAsync("?", cancellationToken: caller.Token).GetAsyncEnumerator();
            while (await updates.MoveNextAsync() && updates.Current.Text.Length == 0)
            {
            }

            ValueTask<bool> next = updates.MoveNextAsync();
            await caller.CancelAsync();
            OperationCanceledException error = (await Assert.CatchAsync<OperationCanceledException>(async () => await next))!;
            Assert.That(error.CancellationToken, Is.EqualTo(caller.Token));
        }
        else
        {
            Task<ChatResponse> call = client.GetResponseAsync("?", cancellationToken: caller.Token);
            await route.FirstRequest.WaitAsync(TimeSpan.FromSeconds(30));
            await caller.CancelAsync();
            OperationCanceledException error = (await Assert.CatchAsync<OperationCanceledException>(async () => await call))!;
            Assert.That(error.CancellationToken, Is.EqualTo(caller.Token));
        }

        await route.Requests.Single().ClientLeft.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static async Task KeyAsync(DialectScript dialect, bool streaming)
    {
        // A server that quotes the key in everything it says.
        Play[] plays =
        [
            dialect.Error(401, DialectScript.Key, $"Incorrect API key provided: {DialectScript.Key}."),
            dialect.Error(429, dialect.CodeOf(FailureClass.RateLimited), DialectScript.Key).With("x-request-id", "r"),
            Play.Json($"<html>{DialectScript.Key}</html>"),
            Play.Json($"{{\"{DialectScript.Key}\":"),
        ];
        foreach (Play play in plays)
        {
            RecordedRoute route = RecordingServer.Open(play);
            using IChatClient client = dialect.Connect(route);
            ProviderException error = (await Assert.ThrowsAsync<ProviderException>(() => AskAsync(client, streaming, null)))!;
            Assert.That(error.ToString(), Does.Not.Contain(DialectScript.Key));
            Assert.That($"{error.Code}{error.RequestId}{error.Data.Count}{client}", Does.Not.Contain(DialectScript.Key));

            // The key did travel, in the one header where it belongs.
            RecordedRequest request = route.Requests.Single();
            Assert.That(request.Headers.Values.Count(v => v.Contains(DialectScript.Key, StringComparison.Ordinal)), Is.EqualTo(1));
            Assert.That(request.Json.GetRawText(), Does.Not.Contain(DialectScript.Key));
        }
    }

    private static async Task FailsAsync(DialectScript dialect, bool streaming, Play play, params FailureClass[] expected)
    {
        ProviderException error = await FailAsync(dialect, streaming, play);
        Assert.That(expected, Does.Contain(error.FailureClass), error.Message);
    }

    private static async Task<ProviderException> FailAsync(DialectScript dialect, bool streaming, Play play)
    {
        RecordedRoute route = RecordingServer.Open(play);
        using IChatClient client = dialect.Connect(route);
        ProviderException error = (await Assert.ThrowsAsync<ProviderException>(() => AskAsync(client, streaming, null)))!;
        Assert.That(route.Requests, Has.Count.EqualTo(1), "A leaf never tries again.");
        return error;
    }

    private static async Task<(string Received, ProviderException Error)> ReadUntilFailureAsync(DialectScript dialect, Play play)
    {
        RecordedRoute route = RecordingServer.Open(play);
        using IChatClient client = dialect.Connect(route);
        StringBuilder received = new();
        try
        {
            await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync("?"))
            {
                received.Append(update.Text);
            }
        }
        catch (ProviderException error)
        {
            return (received.ToString(), error);
        }

        throw new AssertionException($"The stream ended well with '{received}'.");
    }

    private static async Task<ChatResponse> AskAsync(DialectScript dialect, bool streaming, Play play, ChatOptions? options = null)
    {
        RecordedRoute route = RecordingServer.Open(play);
        using IChatClient client = dialect.Connect(route);
        return await AskAsync(client, streaming, options);
    }

    private static async Task<ChatResponse> AskAsync(IChatClient client, bool streaming, ChatOptions? options) => streaming
        ? await client.GetStreamingResponseAsync("What is the answer?", options).ToChatResponseAsync()
        : await client.GetResponseAsync("What is the answer?", options);
}
