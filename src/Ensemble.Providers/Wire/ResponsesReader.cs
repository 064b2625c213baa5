using System.Text;
using System.Text.Json;

namespace Ensemble;

/// <summary>Reads along with OpenAI's responses: a status instead of a finish reason, and named events.</summary>
internal sealed class ResponsesReader(AttemptRecord record) : WireReader(record)
{
    /// <summary>What the record says when the response is complete; whether tools are called is for the leaf to see.</summary>
    public const string Completed = "completed";

    private static readonly string[] Reasons = [Completed, "max_output_tokens", "content_filter"];

    protected override void Whole(ReadOnlySpan<byte> json) => ReadResponse(json, json);

    protected override void Event(ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        // Text arrives in these, many times. Otherwise the type counts, as it does for the SDK, not the event's name.
        if (json.StartsWith("{\"type\":\"response.output_text.delta\""u8))
        {
            return;
        }

        ReadOnlySpan<byte> kind = TypeOf(json) is { } type ? Encoding.UTF8.GetBytes(type) : name;
        if (kind.SequenceEqual("error"u8))
        {
            throw Error(json);
        }

        if (kind.SequenceEqual("response.completed"u8) || kind.SequenceEqual("response.incomplete"u8) || kind.SequenceEqual("response.failed"u8))
        {
            Utf8JsonReader reader = Json(json);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (!reader.ValueTextEquals("response"u8))
                {
                    Skip(ref reader);
                    continue;
                }

                reader.Read();
                int start = (int)reader.TokenStartIndex;
                reader.Skip();
                ReadResponse(json[start..(int)reader.BytesConsumed], json);
                return;
            }

            throw Record.Fail(FailureClass.Protocol, "ended the stream without a response");
        }
    }

    private static string? TypeOf(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = Json(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                return ReadString(ref reader);
            }

            Skip(ref reader);
        }

        return null;
    }

    private void ReadResponse(ReadOnlySpan<byte> response, ReadOnlySpan<byte> whole)
    {
        string? status = null;
        string? reason = null;
        bool output = false;
        Utf8JsonReader reader = Json(response);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw Record.Fail(FailureClass.Protocol, "sent a response that is no JSON object");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("error"u8))
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.Null)
                {
                    throw Error(response);
                }
            }
            else if (reader.ValueTextEquals("status"u8))
            {
                status = ReadString(ref reader);
            }
            else if (reader.ValueTextEquals("output"u8))
            {
                reader.Read();
                output = reader.TokenType == JsonTokenType.StartArray;
                reader.Skip();
            }
            else if (reader.ValueTextEquals("incomplete_details"u8))
            {
                reason = ReadReason(ref reader);
            }
            else
            {
                Skip(ref reader);
            }
        }

        if (!output)
        {
            throw Record.Fail(FailureClass.Protocol, "answered without an output");
        }

        Finish(status switch
        {
            Completed => Completed,
            "incomplete" => reason,
            "failed" => throw Error(whole),
            _ => null,
        }, Reasons);
    }

    private static string? ReadReason(ref Utf8JsonReader reader)
    {
        string? reason = null;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("reason"u8))
            {
                reason = ReadString(ref reader);
            }
            else
            {
                Skip(ref reader);
            }
        }

        return reason;
    }
}
