using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ensemble;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Receipt))]
[JsonSerializable(typeof(ReceiptDocument))]
[JsonSerializable(typeof(EnsembleRequest))]
[JsonSerializable(typeof(BaggingDocument))]
[JsonSerializable(typeof(LabeledExample))]
[JsonSerializable(typeof(TextClassifierDocument))]
[JsonSerializable(typeof(TokenLogProbability[]))]
[JsonSerializable(typeof(List<TokenLogProbability>))]
[JsonSerializable(typeof(IReadOnlyList<TokenLogProbability>))]
internal sealed partial class EnsembleJsonContext : JsonSerializerContext;
