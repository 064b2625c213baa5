using System.Text.Json;

namespace Ensemble.Onnx;

/// <summary>What is needed of a model folder's <c>genai_config.json</c>.</summary>
internal sealed class GenAIConfig
{
    internal const string FileName = "genai_config.json";

    internal required string Type { get; init; }

    internal required int ContextLength { get; init; }

    internal required int VocabularySize { get; init; }

    internal required string DecoderFile { get; init; }

    internal required IReadOnlyList<int> EndIds { get; init; }

    internal required long CacheElementsPerToken { get; init; }

    internal required string FirstPresentKey { get; init; }

    /// <summary>The section that makes the cache a sliding window, as it stands in the file; <see langword="null"/> without one.</summary>
    internal required SlidingWindow? Window { get; init; }

    /// <summary>The execution providers that the file asks for, the most wanted first; empty is the processor.</summary>
    internal required IReadOnlyList<string> Providers { get; init; }

    /// <summary>Whether the file says how loud its session is.</summary>
    internal required bool SetsLogSeverity { get; init; }

    /// <summary>The temperature that the model's makers recommend; 0 where they recommend greedy decoding.</summary>
    internal required float Temperature { get; init; }

    /// <summary>Gives the cache's length for a text of the given length: a graph with a window wants room for the window at least.</summary>
    internal int CacheLength(int length) => Math.Min(ContextLength, Math.Max(length, Window?.Size ?? 0));

    internal static GenAIConfig Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            JsonElement model = document.RootElement.GetProperty("model");
            JsonElement decoder = model.GetProperty("decoder");
            long layers = decoder.GetProperty("num_hidden_layers").GetInt64();
            long heads = decoder.GetProperty("num_key_value_heads").GetInt64();
            long headSize = decoder.GetProperty("head_size").GetInt64();
            return new GenAIConfig
            {
                Type = model.GetProperty("type").GetString() ?? "",
                ContextLength = model.GetProperty("context_length").GetInt32(),
                VocabularySize = model.GetProperty("vocab_size").GetInt32(),
                DecoderFile = decoder.GetProperty("filename").GetString() ?? "",
                EndIds = ReadIds(model.GetProperty("eos_token_id")),
                CacheElementsPerToken = 2 * layers * heads * headSize,
                FirstPresentKey = ReadFirstPresentKey(decoder),
                Window = decoder.TryGetProperty("sliding_window", out JsonElement window) && window.ValueKind == JsonValueKind.Object ? SlidingWindow.Read(window) : null,
                Providers = ReadProviders(decoder),
                SetsLogSeverity = decoder.TryGetProperty("session_options", out JsonElement session) && session.TryGetProperty("log_severity_level", out _),
                Temperature = ReadTemperature(document.RootElement),
            };
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new ModelLoadException(
                $"'{path}' is not a configuration that the runtime understands: {error.Message} Export the model again with 'python -m onnxruntime_genai.models.builder', or restore the file.", error)
            {
                Path = path,
            };
        }
    }

    private static int[] ReadIds(JsonElement ids) =>
        ids.ValueKind == JsonValueKind.Array ? [.. ids.EnumerateArray().Select(id => id.GetInt32())] : [ids.GetInt32()];

    private static string[] ReadProviders(JsonElement decoder) =>
        decoder.TryGetProperty("session_options", out JsonElement session) && session.TryGetProperty("provider_options", out JsonElement providers)
            ? [.. providers.EnumerateArray().SelectMany(provider => provider.EnumerateObject()).Select(provider => provider.Name)]
            : [];

    private static string ReadFirstPresentKey(JsonElement decoder) =>
        decoder.TryGetProperty("outputs", out JsonElement outputs) && outputs.TryGetProperty("present_key_names", out JsonElement names)
            ? (names.GetString() ?? "").Replace("%d", "0", StringComparison.Ordinal)
            : "";

    private static float ReadTemperature(JsonElement root)
    {
        if (!root.TryGetProperty("search", out JsonElement search) || !search.TryGetProperty("do_sample", out JsonElement sample) || !sample.GetBoolean())
        {
            return 0;
        }

        return search.TryGetProperty("temperature", out JsonElement temperature) ? temperature.GetSingle() : 1;
    }
}
