using System.Text;
using System.Text.Json.Nodes;

namespace Ensemble.Providers.Tests;

/// <summary>Ollama's chat (https://github.com/ollama/ollama/blob/main/docs/api.md).</summary>
internal sealed class OllamaScript : DialectScript
{
    public override string Name => "ollama";

    protected override string OwnPreset => "ollama";

    public override int Preamble => 1;

    public override IReadOnlyDictionary<Behaviour, string> Lacks { get; } = new Dictionary<Behaviour, string>
    {
        [Behaviour.LogProbabilities] = "OllamaSharp has no word for them",
        [Behaviour.Refusal] = "the protocol has none",
        [Behaviour.ContentFilter] = "the protocol has none",
        [Behaviour.CachedAndReasoningTokens] = "the protocol reports neither",
        [Behaviour.CommentsAndUnknownEvents] = "JSON lines have neither; the SDK takes a blank line for broken JSON",
        [Behaviour.RequiredTool] = "the protocol has no word for it; it is noted or refused",
    };

    public override IReadOnlyList<byte[]> Noise { get; } = [Bytes("\n"), Bytes("\r\n")];

    public override byte[] Malformed { get; } = Bytes("{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"lost\n");

    public override byte[] InvalidUtf8 { get; } =
        [.. Bytes("{\"model\":\"m\",\"created_at\":\"2026-01-01T00:00:00Z\",\"message\":{\"role\":\"assistant\",\"content\":\""), 0xC3, 0x28, .. Bytes("\"},\"done\":false}\n")];

    public override Play WholeWithoutChoices => Play.Json("{\"model\":\"m\",\"created_at\":\"2026-01-01T00:00:00Z\"}");

    public override Play Whole(Answer answer) => Play.Json(Final(answer, answer.Text, Finish(answer), calls: true).ToJsonString());

    public override Play WholeWithoutFinish(Answer answer) => Play.Json(Final(answer, answer.Text, null, calls: true).ToJsonString());

    public override Play WholeWithForeignFinish(Answer answer) => Play.Json(Final(answer, answer.Text, "eos", calls: true).ToJsonString());

    public override Play Stream(Answer answer) => StreamOf(answer, Finish(answer));

    public override Play StreamWithForeignFinish(Answer answer) => StreamOf(answer, "error");

    public override Play StreamWithoutFinish(Answer answer)
    {
        Play full = Stream(answer);
        return full.Without(full.Segments.Count - 1);
    }

    public override string ErrorBody(string code, string message) => new JsonObject { ["error"] = $"{code}: {message}" }.ToJsonString();

    public override byte[] ErrorEvent(string code, string message) => Bytes(ErrorBody(code, message) + "\n");

    public override string CodeOf(FailureClass failure) => failure switch
    {
        FailureClass.PromptTooLong => "input exceeds the context window",
        FailureClass.ModelNotFound => "model 'x' not found, try pulling it first",
        FailureClass.Overloaded => "server busy, overloaded",
        _ => "an error occurred",
    };

    private static string Finish(Answer answer) => answer.End == AnswerEnd.Length ? "length" : "stop";

    private static JsonObject Line(string content, bool done, JsonArray? calls = null)
    {
        JsonObject message = new() { ["role"] = "assistant", ["content"] = content };
        if (calls is not null)
        {
            message["tool_calls"] = calls;
        }

        return new JsonObject { ["model"] = "test-model-2026-01-01", ["created_at"] = "2026-01-01T00:00:00Z", ["message"] = message, ["done"] = done };
    }

    private static JsonArray? Calls(Answer answer) => answer.Calls.Count == 0 ? null : new JsonArray([.. answer.Calls.Select(call => new JsonObject
    {
        ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = JsonNode.Parse(string.Concat(call.Arguments)) },
    })]);

    private static JsonObject Final(Answer answer, string content, string? finish, bool calls)
    {
        JsonObject line = Line(answer.Calls.Count > 0 ? "" : content, done: true, calls ? Calls(answer) : null);
        line["done_reason"] = finish;
        line["total_duration"] = 5_000_000;
        if (answer.Usage is { } usage)
        {
            line["prompt_eval_count"] = usage.Input;
            line["eval_count"] = usage.Output;
        }

        return line;
    }

    private static Play StreamOf(Answer answer, string finish)
    {
        List<byte[]> lines = [Lined(Line("", done: false))];
        if (answer.Calls.Count > 0)
        {
            lines.Add(Lined(Line("", done: false, Calls(answer))));
        }
        else
        {
            lines.AddRange(answer.Pieces.Select(piece => Lined(Line(piece, done: false))));
        }

        lines.Add(Lined(Final(answer, "", finish, calls: false)));
        return new Play { ContentType = "application/x-ndjson", Segments = lines };
    }

    private static byte[] Lined(JsonObject line) => Encoding.UTF8.GetBytes(line.ToJsonString() + "\n");
}
