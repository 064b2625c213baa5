using System.Text.Json.Nodes;

namespace Ensemble.Providers.Tests;

/// <summary>OpenAI's chat completions (https://platform.openai.com/docs/api-reference/chat).</summary>
internal sealed class ChatScript : DialectScript
{
    public override string Name => "chat";

    protected override string OwnPreset => "openai";

    public override int Preamble => 1;

    public override IReadOnlyList<byte[]> Noise { get; } = [Bytes(": keep-alive\n\n"), Bytes("id: 7\nretry: 1000\n\n"), Bytes(":\r\n\r\n")];

    public override byte[] Malformed { get; } = Bytes("data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"lost\n\n");

    public override byte[] InvalidUtf8 { get; } =
        [.. Bytes("data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\""), 0xC3, 0x28, .. Bytes("\"},\"finish_reason\":null}]}\n\n")];

    public override Play WholeWithoutChoices => Play.Json(Envelope(whole: true, new JsonArray()).ToJsonString());

    public override Play Whole(Answer answer) => Play.Json(WholeBody(answer, Finish(answer)).ToJsonString());

    public override Play WholeWithoutFinish(Answer answer) => Play.Json(WholeBody(answer, null).ToJsonString());

    public override Play WholeWithForeignFinish(Answer answer) => Play.Json(WholeBody(answer, "eos").ToJsonString());

    public override Play Stream(Answer answer) => StreamOf(answer, Finish(answer));

    public override Play StreamWithForeignFinish(Answer answer) => StreamOf(answer, "error");

    public override Play StreamWithoutFinish(Answer answer)
    {
        Play full = Stream(answer with { Usage = null });
        return full.Without(full.Segments.Count - 2);
    }

    public override string ErrorBody(string code, string message) =>
        new JsonObject { ["error"] = new JsonObject { ["message"] = message, ["type"] = "invalid_request_error", ["param"] = null, ["code"] = code } }.ToJsonString();

    public override byte[] ErrorEvent(string code, string message) => Bytes($"data: {ErrorBody(code, message)}\n\n");

    public override string CodeOf(FailureClass failure) => failure switch
    {
        FailureClass.PromptTooLong => "context_length_exceeded",
        FailureClass.QuotaExhausted => "insufficient_quota",
        FailureClass.ContentFilter => "content_filter",
        FailureClass.RateLimited => "rate_limit_exceeded",
        FailureClass.Overloaded => "server_overloaded",
        FailureClass.Unauthorized => "invalid_api_key",
        FailureClass.ModelNotFound => "model_not_found",
        FailureClass.UnsupportedOption => "unsupported_parameter",
        _ => "server_error",
    };

    private static string Finish(Answer answer) => answer.End switch
    {
        AnswerEnd.Length => "length",
        AnswerEnd.Calls => "tool_calls",
        AnswerEnd.Filter => "content_filter",
        _ => "stop",
    };

    private static JsonObject Envelope(bool whole, JsonArray choices, AnswerUsage? usage = null)
    {
        JsonObject envelope = new()
        {
            ["id"] = "chatcmpl-1",
            ["object"] = whole ? "chat.completion" : "chat.completion.chunk",
            ["created"] = 1_700_000_000,
            ["model"] = "test-model-2026-01-01",
            ["choices"] = choices,
        };
        if (usage is not null)
        {
            envelope["usage"] = new JsonObject
            {
                ["prompt_tokens"] = usage.Input,
                ["completion_tokens"] = usage.Output,
                ["total_tokens"] = usage.Input + usage.Output,
                ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = usage.Cached },
                ["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = usage.Reasoning },
            };
        }

        return envelope;
    }

    private static JsonObject WholeBody(Answer answer, string? finish)
    {
        JsonObject message = new() { ["role"] = "assistant", ["content"] = answer.Calls.Count > 0 ? null : answer.Text, ["refusal"] = answer.Refusal };
        if (answer.Calls.Count > 0)
        {
            message["tool_calls"] = new JsonArray([.. answer.Calls.Select(call => new JsonObject
            {
                ["id"] = call.Id,
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = string.Concat(call.Arguments) },
            })]);
        }

        JsonObject choice = new() { ["index"] = 0, ["message"] = message, ["finish_reason"] = finish };
        if (answer.LogProbabilities)
        {
            choice["logprobs"] = new JsonObject { ["content"] = new JsonArray([.. answer.Pieces.Select(LogProbability)]) };
        }

        return Envelope(whole: true, new JsonArray(choice), answer.Usage);
    }

    internal static JsonObject LogProbability(string token) => new()
    {
        ["token"] = token,
        ["logprob"] = -0.25,
        ["bytes"] = null,
        ["top_logprobs"] = new JsonArray(new JsonObject { ["token"] = token, ["logprob"] = -0.25, ["bytes"] = null }),
    };

    private static byte[] Chunk(JsonObject delta, string? finish = null, string? logProbability = null)
    {
        JsonObject choice = new() { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finish };
        if (logProbability is not null)
        {
            choice["logprobs"] = new JsonObject { ["content"] = new JsonArray(LogProbability(logProbability)) };
        }

        return Sse(null, Envelope(whole: false, new JsonArray(choice)));
    }

    private static Play StreamOf(Answer answer, string? finish)
    {
        List<byte[]> events = [Chunk(new JsonObject { ["role"] = "assistant", ["content"] = "" })];
        if (answer.Refusal is { } refusal)
        {
            events.Add(Chunk(new JsonObject { ["refusal"] = refusal[..(refusal.Length / 2)] }));
            events.Add(Chunk(new JsonObject { ["refusal"] = refusal[(refusal.Length / 2)..] }));
        }
        else if (answer.Calls.Count > 0)
        {
            events.AddRange(answer.Calls.SelectMany(Calls));
        }
        else
        {
            events.AddRange(answer.Pieces.Select(piece => Chunk(new JsonObject { ["content"] = piece }, logProbability: answer.LogProbabilities ? piece : null)));
        }

        events.Add(Chunk([], finish));
        if (answer.Usage is not null)
        {
            events.Add(Sse(null, Envelope(whole: false, [], answer.Usage)));
        }

        events.Add(Bytes("data: [DONE]\n\n"));
        return new Play { ContentType = "text/event-stream", Segments = events };
    }

    private static IEnumerable<byte[]> Calls(AnswerCall call, int index)
    {
        yield return Chunk(new JsonObject
        {
            ["tool_calls"] = new JsonArray(new JsonObject
            {
                ["index"] = index,
                ["id"] = call.Id,
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = "" },
            }),
        });
        foreach (string piece in call.Arguments)
        {
            yield return Chunk(new JsonObject
            {
                ["tool_calls"] = new JsonArray(new JsonObject { ["index"] = index, ["function"] = new JsonObject { ["arguments"] = piece } }),
            });
        }
    }
}
