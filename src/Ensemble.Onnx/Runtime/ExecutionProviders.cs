using Microsoft.ML.OnnxRuntime;

namespace Ensemble.Onnx;

/// <summary>The execution providers of the native runtime, by the names that <c>genai_config.json</c> uses.</summary>
internal static class ExecutionProviders
{
    internal const string Processor = "cpu";

    private const string Suffix = "ExecutionProvider";

    // genai_config.json's names where they are not ONNX Runtime's in small letters.
    private static readonly Dictionary<string, string> RuntimeNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["NvTensorRtRtx"] = "NvTensorRTRTX",
        ["rocm"] = "ROCM",
    };

    /// <summary>Names the providers of this process's runtime, the fastest first; empty without a native runtime.</summary>
    internal static IReadOnlyList<string> Available()
    {
        try
        {
            return [.. OrtEnv.Instance().GetAvailableProviders().Select(NameOf)];
        }
        catch (Exception error) when (error is DllNotFoundException or TypeInitializationException or EntryPointNotFoundException)
        {
            return [];
        }
    }

    internal static bool IsAvailable(string provider) =>
        provider.Equals(Processor, StringComparison.OrdinalIgnoreCase) || Available().Contains(NameOf(RuntimeNames.GetValueOrDefault(provider, provider)), StringComparer.OrdinalIgnoreCase);

    /// <summary>Refuses a provider that the runtime does not have.</summary>
    /// <exception cref="ModelLoadException">There is none of that name.</exception>
    internal static void Require(string provider)
    {
        if (!IsAvailable(provider))
        {
            throw new ModelLoadException(
                $"ExecutionProvider is '{provider}', and the native runtime of this application has: {string.Join(", ", Available())}. Reference the package of that device (Microsoft.ML.OnnxRuntimeGenAI.Cuda, .DirectML), or leave ExecutionProvider out.");
        }
    }

    private static string NameOf(string runtimeName)
    {
        string name = runtimeName.EndsWith(Suffix, StringComparison.Ordinal) ? runtimeName[..^Suffix.Length] : runtimeName;
        return name.ToLowerInvariant();
    }
}
