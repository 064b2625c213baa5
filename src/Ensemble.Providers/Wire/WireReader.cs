using System.Text.Json;
using System.Text.Unicode;

namespace Ensemble;

/// <summary>Reads along with one answer and raises what the SDKs swallow or blur; one subclass a protocol. It never changes a byte.</summary>
internal abstract class WireReader(AttemptRecord record)
{
    private static readonly JsonReaderOptions Lenient = new() { CommentHandling = JsonCommentHandling.Disallow, MaxDepth = 256 };

    protected AttemptRecord Record => record;

    /// <summary>Whether the answer has said how it ended.</summary>
    protected bool Finished => record.FinishReason is not null;

    /// <summary>Reads a whole answer.</summary>
    public void ReadWhole(ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> json = body.Trim(" \t\r\n"u8);
        if (json.StartsWith("\uFEFF"u8))
        {
            json = json[3..];
        }

        if (json.IsEmpty)
        {
            throw record.Fail(FailureClass.Empty, "answered with an empty body");
        }

        Check(json, "a body");
        try
        {
            Whole(json);
        }
        catch (Exception error) when (IsUnreadable(error))
        {
            throw record.Fail(FailureClass.Protocol, "answered with malformed JSON", error);
        }

        if (!Finished)
        {
            throw record.Fail(FailureClass.Protocol, "answered without a finish reason");
        }
    }

    /// <summary>Reads one event of a stream.</summary>
    /// <param name="name">The event's name; empty when it has none.</param>
    /// <param name="data">The event's data.</param>
    public void ReadEvent(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        data = data.Trim(" \t\r\n"u8);
        if (data.IsEmpty || data.SequenceEqual("[DONE]"u8))
        {
            return;
        }

        Check(data, "an event");
        try
        {
            Event(name, data);
        }
        catch (Exception error) when (IsUnreadable(error))
        {
            throw record.Fail(FailureClass.Protocol, "sent an event with malformed JSON", error);
        }

        if (record.Taken is not null)
        {
            record.EventTaker?.Take(data);
        }
    }

    /// <summary>The stream is over. A missing <c>[DONE]</c> alone is forgiven.</summary>
    public void ReadEnd()
    {
        if (!Finished)
        {
            throw record.Fail(FailureClass.Protocol, "ended the stream without a finish reason");
        }
    }

    protected abstract void Whole(ReadOnlySpan<byte> json);

    protected abstract void Event(ReadOnlySpan<byte> name, ReadOnlySpan<byte> json);

    /// <summary>Takes a finish reason, if the protocol knows it.</summary>
    protected void Finish(string? reason, ReadOnlySpan<string> known)
    {
        if (string.IsNullOrEmpty(reason))
        {
            return;
        }

        foreach (string name in known)
        {
            if (string.Equals(name, reason, StringComparison.Ordinal))
            {
                record.FinishReason = reason;
                return;
            }
        }

        throw reason switch
        {
            // DeepSeek ends an answer so when it runs out of machines, Mistral when prompt and answer fill the window.
            "insufficient_system_resource" => record.Fail(FailureClass.Overloaded, "ran out of resources in the middle of the answer"),
            "model_length" => record.Fail(FailureClass.PromptTooLong, "reached the end of its context window"),
            _ => record.Fail(FailureClass.Protocol, $"ended with the unknown finish reason '{Short(reason)}'"),
        };
    }

    /// <summary>An error where an answer should be: the body says which.</summary>
    protected ProviderException Error(ReadOnlySpan<byte> json) => ErrorBody.Fail(record, json, headers: null);

    protected static Utf8JsonReader Json(ReadOnlySpan<byte> json) => new(json, Lenient);

    /// <summary>Steps over the value of the current property.</summary>
    protected static void Skip(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }

    /// <summary>Reads the string value of the current property; <see langword="null"/> for every other kind.</summary>
    protected static string? ReadString(ref Utf8JsonReader reader)
    {
        reader.Read();
        string? value = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        reader.Skip();
        return value;
    }

    // The platform says the latter of an escape that is half a character.
    private static bool IsUnreadable(Exception error) => error is JsonException or InvalidOperationException;

    private static string Short(string text) => text.Length <= 40 ? text : text[..40];

    private void Check(ReadOnlySpan<byte> data, string what)
    {
        if (data[0] != (byte)'{')
        {
            throw record.Fail(FailureClass.Protocol, $"sent {what} that is no JSON object");
        }

        if (!Utf8.IsValid(data))
        {
            throw record.Fail(FailureClass.Protocol, $"sent {what} with invalid UTF-8");
        }
    }
}
