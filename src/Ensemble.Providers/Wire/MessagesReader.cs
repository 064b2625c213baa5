using System.Text;
using System.Text.Json;

namespace Ensemble;

/// <summary>Reads along with Anthropic's messages: named events, the stop reason in <c>message_delta</c>.</summary>
internal sealed class MessagesReader(AttemptRecord record) : WireReader(record)
{
    private static readonly string[] Reasons =
        ["end_turn", "max_tokens", "stop_sequence", "tool_use", "pause_turn", "refusal", "model_context_window_exceeded"];

    private string? _type;

    protected override void Whole(ReadOnlySpan<byte> json)
    {
        if (!ReadObject(json))
        {
            throw Record.Fail(FailureClass.Protocol, "answered without content");
        }
    }

    protected override void Event(ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        if (name.SequenceEqual("error"u8))
        {
            throw Error(json);
        }

        // Text arrives in these, many times; they can neither end an answer nor report an error.
        if (name.SequenceEqual("content_block_delta"u8) && json.StartsWith("{\"type\":\"content_block_delta\""u8))
        {
            return;
        }

        ReadObject(json);

        // The SDK goes by the event's name and skips one that it does not know, whatever it holds: text would be lost in silence. The
        // protocol names every event by its type, new ones too.
        if (Encoding.UTF8.GetString(name) != _type)
        {
            throw Record.Fail(FailureClass.Protocol, "sent an event whose name is not its type");
        }
    }

    private bool ReadObject(ReadOnlySpan<byte> json)
    {
        bool content = false;
        _type = null;
        Utf8JsonReader reader = Json(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("error"u8))
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.Null)
                {
                    throw Error(json);
                }
            }
            else if (reader.ValueTextEquals("type"u8))
            {
                _type = ReadString(ref reader);
            }
            else if (reader.ValueTextEquals("stop_reason"u8))
            {
                Finish(ReadString(ref reader), Reasons);
            }
            else if (reader.ValueTextEquals("content"u8))
            {
                reader.Read();
                content = reader.TokenType == JsonTokenType.StartArray;
                reader.Skip();
            }
            else if (reader.ValueTextEquals("delta"u8))
            {
                ReadDelta(ref reader);
            }
            else
            {
                Skip(ref reader);
            }
        }

        // Nothing may stand behind the object; the reader throws if something does.
        reader.Read();
        return content;
    }

    private void ReadDelta(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("stop_reason"u8))
            {
                Finish(ReadString(ref reader), Reasons);
            }
            else
            {
                Skip(ref reader);
            }
        }
    }
}
