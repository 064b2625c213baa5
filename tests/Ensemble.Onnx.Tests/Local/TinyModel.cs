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

    public const string Qwen3 = "qwen3-int4";
    public const string Phi = "phi3-int4";
    public const string Gemma = "gemma2-fp32";
    public const string Mistral = "mistral-int4";
    public const string MistralWindow = "mistral-window-int4";
    public const string MistralBadWindow = "mistral-badwindow-int4";
    public const string Lora = "llama-lora";

    public static readonly string[] All = [Llama, LlamaExact, Lora, Qwen, QwenHalf, QwenEnds, Qwen3, Phi, Gemma, Mistral, MistralWindow, MistralBadWindow];

    /// <summary>Those whose weights are float32: their logits are compared closely.</summary>
    public static readonly string[] Exact = [LlamaExact, Lora, Gemma];

    internal static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static string Folder(string name, [CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(here, "../../tiny", name));

    public static LoadedModel Load(string name, long maxCacheBytes = 1 << 20, LocalModelCapabilities? capabilities = null) =>
        LoadedModel.Load(ModelFolder.Open(Folder(name)), default, maxCacheBytes, capabilities);

    public static LocalChatClient Client(string name, LocalTemplate template = LocalTemplate.Model, int maxOutputTokens = 32, string? adapter = null) =>
        new(new LocalModelOptions { Model = Folder(name), Template = template, MaxOutputTokens = maxOutputTokens, Adapter = adapter });

    public static Fixture ReadFixture(string name)
    {
        return JsonSerializer.Deserialize<Fixture>(File.ReadAllBytes(Path.Combine(Folder(name), "fixtures.json")), SnakeCase)!;
    }

    public sealed record Fixture(
        string Prompt, int[] PromptIds, int[] GreedyIds, int[] EosTokenIds, TopLogits TopLogits, Rendered Rendered, Text[] Texts, bool CanRewind, bool AllLogits, bool SecondAppend, AdapterFixture? Adapter);

    public sealed record AdapterFixture(string File, AdapterAnswer Set);

    public sealed record AdapterAnswer(int[] GreedyIds, TopLogits TopLogits);

    public sealed record TopLogits(int[] Ids, float[] Values);

    public sealed record Rendered(Message[] Messages, int[] Ids);

    public sealed record Message(string Role, string Content);

    public sealed record Text([property: System.Text.Json.Serialization.JsonPropertyName("text")] string Value, int[] Ids, string Decoded, string[] Stream);
}
