using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ensemble.Cli;

/// <summary>What the verbs write as JSON: camel case, indented, nothing that is unknown.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(AskOutput))]
[JsonSerializable(typeof(CompareOutput))]
[JsonSerializable(typeof(ScoreOutput))]
[JsonSerializable(typeof(ModelsOutput))]
[JsonSerializable(typeof(DoctorReport))]
[JsonSerializable(typeof(CountOutput))]
[JsonSerializable(typeof(UsageOutput))]
[JsonSerializable(typeof(ExplainOutput))]
[JsonSerializable(typeof(ConfigOutput))]
[JsonSerializable(typeof(ModelSheet[]))]
[JsonSerializable(typeof(PriceLine[]))]
[JsonSerializable(typeof(PriceFinding[]))]
[JsonSerializable(typeof(ChatTurn[]))]
[JsonSerializable(typeof(MeasuredModel))]
[JsonSerializable(typeof(StoredModel))]
[JsonSerializable(typeof(StoredModel[]))]
[JsonSerializable(typeof(ModelPlan))]
internal sealed partial class CliJson : JsonSerializerContext
{
    /// <summary>Gets the same, with letters of every script as they are: a terminal shows them, and JSON allows them.</summary>
    public static CliJson Readable => field ??= new CliJson(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
