using System.Text.Json;

namespace Ensemble;

/// <summary>Reads along with OpenAI's chat completions, and everything that imitates them.</summary>
internal sealed class ChatCompletionsReader(AttemptRecord record) : WireReader(record)
{
    private static readonly string[] Reasons = ["stop", "length", "tool_calls", "function_call", "content_filter"];

    protected override void Whole(ReadOnlySpan<byte> json)
    {
        if (ReadObject(json) == 0)
        {
            throw Record.Fail(FailureClass.Protocol, "answered without a choice");
        }
    }

    protected override void Event(ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        if (name.SequenceEqual("error"u8))
        {
            throw Error(json);
        }

        // Nearly every chunk says "finish_reason":null and holds no error: those are passed without being parsed a second time.
        if (!MayMatter(json))
        {
            return;
        }

        ReadObject(json);
    }

    private static bool MayMatter(ReadOnlySpan<byte> json)
    {
        // Inside a JSON string a quote is escaped, so these patterns match keys only, never the model's text.
        if (json.IndexOf("\"error\""u8) >= 0)
        {
            return true;
        }

        int at = json.IndexOf("\"finish_reason\""u8);
        if (at < 0)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = json[(at + "\"finish_reason\"".Length)..].TrimStart(" :\t"u8);
        return !rest.StartsWith("null"u8);
    }

    private int ReadObject(ReadOnlySpan<byte> json)
    {
        int choices = 0;
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
            else if (reader.ValueTextEquals("object"u8))
            {
                if (ReadString(ref reader) == "error")
                {
                    throw Error(json);
                }
            }
            else if (reader.ValueTextEquals("choices"u8))
            {
                choices = ReadChoices(ref reader);
            }
            else
            {
                Skip(ref reader);
            }
        }

        return choices;
    }

    private int ReadChoices(ref Utf8JsonReader reader)
    {
        int count = 0;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return 0;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            count++;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("finish_reason"u8))
                {
                    Finish(ReadString(ref reader), Reasons);
                }
                else
                {
                    Skip(ref reader);
                }
            }
        }

        return count;
    }
}
