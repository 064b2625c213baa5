using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Ensemble.Onnx.Tests.Local;

/// <summary>The random-weight models of the folder <c>tiny</c>, and what an independent binding gave for them.</summary>
internal static class TinyModel
{
    public const string Llama = "llama-int4";
    public const string LlamaExact = "llama-fp32";
    public const string Qwen = "qwen2-int4";
    public const string QwenHalf = "qwen2-posids-int4";
    public const string QwenEnds = "qwen2-eos-int4";

    public static readonly string[] All = [Llama, LlamaExact, Qwen, QwenHalf, QwenEnds];

    internal static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static string Folder(string name, [CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(here, "../../tiny", name));

    public static LoadedModel Load(string name, long maxCacheBytes = 1 << 20, LocalModelCapabilities? capabilities = null) =>
        LoadedModel.Load(ModelFolder.Open(Folder(name)), null, maxCacheBytes, capabilities);

    public static LocalChatClient Client(string name, LocalTemplate template = LocalTemplate.Model, int maxOutputTokens = 32) =>
        new(new LocalModelOptions { Model = Folder(name), Template = template, MaxOutputTokens = maxOutputTokens });

    public static Fixture ReadFixture(string name)
    {
        return JsonSerializer.Deserialize<Fixture>(File.ReadAllBytes(Path.Combine(Folder(name), "fixtures.json")), SnakeCase)!;
    }

    public sealed record Fixture(
        string Prompt, int[] PromptIds, int[] GreedyIds, int[] EosTokenIds, TopLogits TopLogits, Rendered Rendered, Text[] Texts, bool CanRewind, bool AllLogits, bool SecondAppend);

    public sealed record TopLogits(int[] Ids, float[] Values);

    public sealed record Rendered(Message[] Messages, int[] Ids);

    public sealed record Message(string Role, string Content);

    public sealed record Text([property: System.Text.Json.Serialization.JsonPropertyName("text")] string Value, int[] Ids, string Decoded, string[] Stream);
}
