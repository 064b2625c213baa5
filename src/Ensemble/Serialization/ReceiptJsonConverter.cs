using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ensemble;

/// <summary>Writes and reads receipts the same way under any serializer options.</summary>
internal sealed class ReceiptJsonConverter : JsonConverter<Receipt>
{
    public override Receipt? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize(ref reader, EnsembleJsonContext.Default.ReceiptDocument)?.ToReceipt(replayed: false);

    public override void Write(Utf8JsonWriter writer, Receipt value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, ReceiptDocument.From(value), EnsembleJsonContext.Default.ReceiptDocument);
}
