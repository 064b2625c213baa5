using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Ensemble.Onnx;

/// <summary>The section <c>sliding_window</c> of a model's configuration.</summary>
internal sealed class SlidingWindow
{
    private readonly Dictionary<string, JsonElement> _section;

    private SlidingWindow(Dictionary<string, JsonElement> section, int size)
    {
        _section = section;
        Size = size;
    }

    /// <summary>How many positions a token sees.</summary>
    internal int Size { get; }

    internal static SlidingWindow Read(JsonElement section) => new(
        section.EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.Clone()),
        section.TryGetProperty("window_size", out JsonElement size) ? size.GetInt32() : 0);

    /// <summary>
    /// Makes the overlay that keeps every position in the cache. As it stands the cache drops what has left the window: then no rewind is possible,
    /// not even to nothing, and exports whose graph has no window fail. The whole section is repeated, because the runtime sets what is left out to 0.
    /// The window of the graph itself stays, so the logits are the same.
    /// </summary>
    internal string KeepEverything(int contextLength)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("model");
            json.WriteStartObject("decoder");
            json.WriteStartObject("sliding_window");
            foreach ((string name, JsonElement value) in _section)
            {
                if (name != "cache_slack")
                {
                    json.WritePropertyName(name);
                    value.WriteTo(json);
                }
            }

            json.WriteNumber("cache_slack", Math.Max(0, contextLength - Size));
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
