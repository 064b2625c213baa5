using System.Text.Json.Nodes;

namespace Ensemble.Providers.Tests;

/// <summary>OpenAI's responses (https://platform.openai.com/docs/api-reference/responses).</summary>
internal sealed class ResponsesScript : DialectScript
{
    public override string Name => "responses";

    protected override string OwnPreset => "openai";

    public override string Api => "responses";

    public override int Preamble => 3;

    public override IReadOnlyDictionary<Behaviour, string> Lacks { get; } = new Dictionary<Behaviour, string>
    {
        [Behaviour.ForeignFinishReason] = "a status, not a finish reason; an unknown one is none",
    };

    public override IReadOnlyList<byte[]> Noise { get; } =
        [Bytes(": keep-alive\n\n"), Sse("response.from_the_future", new JsonObject { ["type"] = "response.from_the_future", ["sequence_number"] = 99 })];

    public override byte[] Malformed { get; } = Bytes("event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"lost\n\n");

    public override byte[] InvalidUtf8 { get; } =
        [.. Bytes("event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"item_id\":\"msg_1\",\"output_index\":0,\"content_index\":0,\"sequence_number\":9,\"delta\":\""), 0xC3, 0x28, .. Bytes("\"}\n\n")];

    public override Play WholeWithoutChoices
    {
        get
        {
            JsonObject body = Response(new Answer(), "completed");
            body.Remove("output");
            return Play.Json(body.ToJsonString());
        }
    }

    public override Play Whole(Answer answer) => Play.Json(Response(answer, StatusOf(answer)).ToJsonString());

    public override Play WholeWithoutFinish(Answer answer) => Play.Json(Response(answer, "in_progress").ToJsonString());

    public override Play WholeWithForeignFinish(Answer answer) => WholeWithoutFinish(answer);

    public override Play StreamWithForeignFinish(Answer answer) => StreamWithoutFinish(answer);

    public override Play StreamWithoutFinish(Answer answer)
    {
        Play full = Stream(answer);
        return full.Without(full.Segments.Count - 1);
    }

    public override Play Stream(Answer answer)
    {
        int sequence = 0;
        byte[] Event(string type, JsonObject data)
        {
            data["type"] = type;
            data["sequence_number"] = sequence++;
            return Sse(type, data);
        }

        List<byte[]> events = [Event("response.created", new JsonObject { ["response"] = Response(answer with { Pieces = [], Calls = [], Usage = null }, "in_progress", empty: true) })];
        if (answer.Calls.Count > 0)
        {
            for (int i = 0; i < answer.Calls.Count; i++)
            {
                AnswerCall call = answer.Calls[i];
                events.Add(Event("response.output_item.added", new JsonObject { ["output_index"] = i, ["item"] = Call(call with { Arguments = [] }, i) }));
                foreach (string piece in call.Arguments)
                {
                    events.Add(Event("response.function_call_arguments.delta", new JsonObject { ["item_id"] = $"fc_{i}", ["output_index"] = i, ["delta"] = piece }));
                }

                events.Add(Event("response.output_item.done", new JsonObject { ["output_index"] = i, ["item"] = Call(call, i) }));
            }
        }
        else
        {
            events.Add(Event("response.output_item.added", new JsonObject { ["output_index"] = 0, ["item"] = Message(answer with { Pieces = [], Refusal = null }, empty: true) }));
            events.Add(Event("response.content_part.added", new JsonObject { ["item_id"] = "msg_1", ["output_index"] = 0, ["content_index"] = 0, ["part"] = Text("") }));
            if (answer.Refusal is { } refusal)
            {
                events.Add(Event("response.refusal.delta", new JsonObject { ["item_id"] = "msg_1", ["output_index"] = 0, ["content_index"] = 0, ["delta"] = refusal }));
                events.Add(Event("response.refusal.done", new JsonObject { ["item_id"] = "msg_1", ["output_index"] = 0, ["content_index"] = 0, ["refusal"] = refusal }));
            }
            else
            {
                foreach (string piece in answer.Pieces)
                {
                    events.Add(Event("response.output_text.delta", new JsonObject { ["item_id"] = "msg_1", ["output_index"] = 0, ["content_index"] = 0, ["delta"] = piece, ["logprobs"] = LogProbabilities(answer, piece) }));
                }
            }

            events.Add(Event("response.output_item.done", new JsonObject { ["output_index"] = 0, ["item"] = Message(answer) }));
        }

        string status = StatusOf(answer);
        events.Add(Event($"response.{status}", new JsonObject { ["response"] = Response(answer, status) }));
        return new Play { ContentType = "text/event-stream", Segments = events };
    }

    public override string ErrorBody(string code, string message) =>
        new JsonObject { ["error"] = new JsonObject { ["message"] = message, ["type"] = "invalid_request_error", ["param"] = null, ["code"] = code } }.ToJsonString();

    public override byte[] ErrorEvent(string code, string message) =>
        Sse("error", new JsonObject { ["type"] = "error", ["code"] = code, ["message"] = message, ["param"] = null, ["sequence_number"] = 9 });

    public override string CodeOf(FailureClass failure) => new ChatScript().CodeOf(failure);

    private static string StatusOf(Answer answer) => answer.End is AnswerEnd.Length or AnswerEnd.Filter ? "incomplete" : "completed";

    private static JsonObject Text(string text, Answer? answer = null) => new()
    {
        ["type"] = "output_text",
        ["text"] = text,
        ["annotations"] = new JsonArray(),
        ["logprobs"] = LogProbabilities(answer, [.. answer?.Pieces ?? []]),
    };

    private static JsonArray LogProbabilities(Answer? answer, params string[] tokens) =>
        answer?.LogProbabilities is true ? new JsonArray([.. tokens.Select(ChatScript.LogProbability)]) : [];

    private static JsonObject Message(Answer answer, bool empty = false) => new()
    {
        ["id"] = "msg_1",
        ["type"] = "message",
        ["role"] = "assistant",
        ["status"] = "completed",
        ["content"] = empty ? []
            : new JsonArray(answer.Refusal is { } refusal ? new JsonObject { ["type"] = "refusal", ["refusal"] = refusal } : Text(answer.Text, answer)),
    };

    private static JsonObject Call(AnswerCall call, int index) => new()
    {
        ["id"] = $"fc_{index}",
        ["type"] = "function_call",
        ["call_id"] = call.Id,
        ["name"] = call.Name,
        ["arguments"] = string.Concat(call.Arguments),
        ["status"] = "completed",
    };

    private static JsonObject Response(Answer answer, string status, bool empty = false)
    {
        JsonObject response = new()
        {
            ["id"] = "resp_1",
            ["object"] = "response",
            ["created_at"] = 1_700_000_000,
            ["status"] = status,
            ["error"] = null,
            ["incomplete_details"] = answer.End switch
            {
                AnswerEnd.Length => new JsonObject { ["reason"] = "max_output_tokens" },
                AnswerEnd.Filter => new JsonObject { ["reason"] = "content_filter" },
                _ => null,
            },
            ["model"] = "test-model-2026-01-01",
            ["output"] = empty ? []
                : answer.Calls.Count > 0 ? new JsonArray([.. answer.Calls.Select(Call)])
                : new JsonArray(Message(answer)),
            ["parallel_tool_calls"] = true,
            ["tools"] = new JsonArray(),
            ["metadata"] = new JsonObject(),
        };
        if (answer.Usage is { } usage)
        {
            response["usage"] = new JsonObject
            {
                ["input_tokens"] = usage.Input,
                ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = usage.Cached },
                ["output_tokens"] = usage.Output,
                ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = usage.Reasoning },
                ["total_tokens"] = usage.Input + usage.Output,
            };
        }

        return response;
    }
}
