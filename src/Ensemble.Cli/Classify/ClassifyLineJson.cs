using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ensemble.Cli;

/// <summary>The lines that <c>classify</c> reads and writes: one object a line.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(TextLine))]
[JsonSerializable(typeof(ClassifyLine))]
internal sealed partial class ClassifyLineJson : JsonSerializerContext
{
    /// <summary>Gets the same, with letters of every script as they are.</summary>
    public static ClassifyLineJson Readable => field ??= new ClassifyLineJson(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
