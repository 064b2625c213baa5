using System.Text.Json.Nodes;

namespace Ensemble.Providers.Tests;

/// <summary>Anthropic's messages (https://docs.anthropic.com/en/api/messages and .../messages-streaming).</summary>
internal sealed class MessagesScript : DialectScript
{
    public override string Name => "messages";

    protected override string OwnPreset => "anthropic";

    public override int Preamble => 2;

    public override IReadOnlyDictionary<Behaviour, string> Lacks { get; } = new Dictionary<Behaviour, string>
    {
        [Behaviour.LogProbabilities] = "the protocol has none",
        [Behaviour.Refusal] = "a refusal is a finish reason there: content filter",
    };

    public override IReadOnlyList<byte[]> Noise { get; } =
    [
        Bytes(": keep-alive\n\n"),
        Sse("ping", new JsonObject { ["type"] = "ping" }),
        Sse("from_the_future", new JsonObject { ["type"] = "from_the_future", ["index"] = 0 }),
    ];

    public override byte[] Malformed { get; } =
        Bytes("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"lost\n\n");

    public override byte[] InvalidUtf8 { get; } =
        [.. Bytes("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\""), 0xC3, 0x28, .. Bytes("\"}}\n\n")];

    public override Play WholeWithoutChoices
    {
        get
        {
            JsonObject body = Message(new Answer(), "end_turn");
            body.Remove("content");
            return Play.Json(body.ToJsonString());
        }
    }

    public override Play Whole(Answer answer) => Play.Json(Message(answer, Finish(answer)).ToJsonString());

    public override Play WholeWithoutFinish(Answer answer) => Play.Json(Message(answer, null).ToJsonString());

    public override Play WholeWithForeignFinish(Answer answer) => Play.Json(Message(answer, "eos").ToJsonString());

    public override Play StreamWithForeignFinish(Answer answer) => StreamOf(answer, "error");

    public override Play StreamWithoutFinish(Answer answer) => StreamOf(answer, null);

    public override Play Stream(Answer answer) => StreamOf(answer, Finish(answer));

    public override string ErrorBody(string code, string message) =>
        new JsonObject { ["type"] = "error", ["error"] = new JsonObject { ["type"] = code, ["message"] = message }, ["request_id"] = "req_1" }.ToJsonString();

    public override byte[] ErrorEvent(string code, string message) => Bytes($"event: error\ndata: {ErrorBody(code, message)}\n\n");

    public override string CodeOf(FailureClass failure) => failure switch
    {
        FailureClass.PromptTooLong => "request_too_large",
        FailureClass.QuotaExhausted => "billing_error",
        FailureClass.RateLimited => "rate_limit_error",
        FailureClass.Overloaded => "overloaded_error",
        FailureClass.Unauthorized => "authentication_error",
        FailureClass.Forbidden => "permission_error",
        FailureClass.ModelNotFound => "not_found_error",
        FailureClass.Timeout => "timeout_error",
        _ => "api_error",
    };

    private static string Finish(Answer answer) => answer.End switch
    {
        AnswerEnd.Length => "max_tokens",
        AnswerEnd.Calls => "tool_use",
        AnswerEnd.Filter => "refusal",
        _ => "end_turn",
    };

    private static JsonObject Usage(AnswerUsage? usage, int output) => usage is null
        ? new JsonObject { ["input_tokens"] = 0, ["output_tokens"] = 0 }
        : new JsonObject
        {
            // Anthropic counts cached input apart from the rest.
            ["input_tokens"] = usage.Input - usage.Cached - usage.Written,
            ["cache_read_input_tokens"] = usage.Cached,
            ["cache_creation_input_tokens"] = usage.Written,
            ["output_tokens"] = output,
            ["output_tokens_details"] = new JsonObject { ["thinking_tokens"] = usage.Reasoning },
        };

    private static JsonObject Message(Answer answer, string? finish, bool empty = false) => new()
    {
        ["id"] = "msg_1",
        ["type"] = "message",
        ["role"] = "assistant",
        ["model"] = "test-model-2026-01-01",
        ["content"] = empty ? []
            : answer.Calls.Count > 0
                ? new JsonArray([.. answer.Calls.Select(call => new JsonObject
                {
                    ["type"] = "tool_use",
                    ["id"] = call.Id,
                    ["name"] = call.Name,
                    ["input"] = JsonNode.Parse(string.Concat(call.Arguments)),
                })])
                : new JsonArray(new JsonObject { ["type"] = "text", ["text"] = answer.Text }),
        ["stop_reason"] = finish,
        ["stop_sequence"] = null,
        ["usage"] = Usage(answer.Usage, answer.Usage?.Output ?? 0),
    };

    private static Play StreamOf(Answer answer, string? finish)
    {
        List<byte[]> events = [Sse("message_start", new JsonObject { ["type"] = "message_start", ["message"] = Message(answer, null, empty: true) })];
        if (answer.Calls.Count > 0)
        {
            for (int i = 0; i < answer.Calls.Count; i++)
            {
                AnswerCall call = answer.Calls[i];
                events.Add(Start(i, new JsonObject { ["type"] = "tool_use", ["id"] = call.Id, ["name"] = call.Name, ["input"] = new JsonObject() }));
                events.AddRange(call.Arguments.Select(piece => Delta(i, new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = piece })));
                events.Add(Stop(i));
            }
        }
        else
        {
            events.Add(Start(0, new JsonObject { ["type"] = "text", ["text"] = "" }));
            events.AddRange(answer.Pieces.Select(piece => Delta(0, new JsonObject { ["type"] = "text_delta", ["text"] = piece })));
            events.Add(Stop(0));
        }

        events.Add(Sse("message_delta", new JsonObject
        {
            ["type"] = "message_delta",
            ["delta"] = new JsonObject { ["stop_reason"] = finish, ["stop_sequence"] = null },
            ["usage"] = new JsonObject { ["output_tokens"] = answer.Usage?.Output ?? 0 },
        }));
        events.Add(Sse("message_stop", new JsonObject { ["type"] = "message_stop" }));
        return new Play { ContentType = "text/event-stream", Segments = events };
    }

    private static byte[] Start(int index, JsonObject block) =>
        Sse("content_block_start", new JsonObject { ["type"] = "content_block_start", ["index"] = index, ["content_block"] = block });

    private static byte[] Delta(int index, JsonObject delta) =>
        Sse("content_block_delta", new JsonObject { ["type"] = "content_block_delta", ["index"] = index, ["delta"] = delta });

    private static byte[] Stop(int index) => Sse("content_block_stop", new JsonObject { ["type"] = "content_block_stop", ["index"] = index });
}
