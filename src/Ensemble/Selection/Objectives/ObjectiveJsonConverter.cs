using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ensemble;

/// <summary>Writes an objective as its name, so that a request can be part of a cache's key.</summary>
internal sealed class ObjectiveJsonConverter : JsonConverter<Objective>
{
    public override Objective Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is { } name && ObjectiveNames.TryParse(name, out Objective? objective) ? objective : throw new JsonException("No objective has this name.");

    public override void Write(Utf8JsonWriter writer, Objective value, JsonSerializerOptions options) => writer.WriteStringValue(ObjectiveNames.Of(value));
}
