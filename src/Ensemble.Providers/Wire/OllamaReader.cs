using System.Text.Json;

namespace Ensemble;

/// <summary>Reads along with Ollama's chat: one JSON object a line, the last one says <c>done</c>.</summary>
internal sealed class OllamaReader(AttemptRecord record) : WireReader(record)
{
    private static readonly string[] Reasons = ["stop", "length"];

    protected override void Whole(ReadOnlySpan<byte> json) => ReadObject(json);

    protected override void Event(ReadOnlySpan<byte> name, ReadOnlySpan<byte> json) => ReadObject(json);

    private void ReadObject(ReadOnlySpan<byte> json)
    {
        bool done = false;
        string? reason = null;
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
            else if (reader.ValueTextEquals("done"u8))
            {
                reader.Read();
                done = reader.TokenType == JsonTokenType.True;
                reader.Skip();
            }
            else if (reader.ValueTextEquals("done_reason"u8))
            {
                reason = ReadString(ref reader);
            }
            else
            {
                Skip(ref reader);
            }
        }

        if (done)
        {
            // "load" and "unload" answer an empty prompt: the model was moved, nothing was said.
            Finish(reason is "load" or "unload" ? throw Record.Fail(FailureClass.Empty, "only loaded the model") : reason, Reasons);
        }
    }
}
