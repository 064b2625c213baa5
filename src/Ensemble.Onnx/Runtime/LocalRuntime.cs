using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Ensemble.Onnx;

/// <summary>Facts about the machine and the native runtimes, for diagnostics.</summary>
public sealed class LocalRuntime
{
    private LocalRuntime()
    {
    }

    /// <summary>Gets the version of the GenAI package that decodes.</summary>
    public string GenAIVersion { get; } = NativeRuntime.GenAIVersion();

    /// <summary>Gets the version of the native ONNX Runtime, or <see langword="null"/> when the application references no native package.</summary>
    public string? OnnxRuntimeVersion { get; } = NativeRuntime.OnnxRuntimeVersion();

    /// <summary>Gets the execution providers that the native ONNX Runtime was built with, by their names in <c>genai_config.json</c>; whether their device and driver are there shows when a model is loaded.</summary>
    public IReadOnlyList<string> ExecutionProviders { get; } = Onnx.ExecutionProviders.Available();

    /// <summary>Gets whether the native runtimes may send telemetry.</summary>
    public TelemetryState Telemetry { get; } = RuntimeTelemetry.State;

    /// <summary>Gets the architecture of this process, for instance <c>X64</c>.</summary>
    public string Architecture { get; } = RuntimeInformation.ProcessArchitecture.ToString();

    /// <summary>Gets the number of processors that this process may use.</summary>
    public int Processors { get; } = Environment.ProcessorCount;

    /// <summary>Gets the vector instructions of the processor that matter to quantised models, for instance <c>AVX2</c> or <c>AVX-512</c>.</summary>
    public IReadOnlyList<string> CpuFeatures { get; } = ReadCpuFeatures();

    /// <summary>Reads the facts; loads the native ONNX Runtime to ask for its version.</summary>
    /// <returns>The facts.</returns>
    public static LocalRuntime Describe() => new();

    private static string[] ReadCpuFeatures()
    {
        (string Name, bool IsSupported)[] known =
        [
            ("SSE4.2", Sse42.IsSupported),
            ("AVX", Avx.IsSupported),
            ("AVX2", Avx2.IsSupported),
            ("FMA", Fma.IsSupported),
            ("AVX-VNNI", AvxVnni.IsSupported),
            ("AVX-512", Avx512F.IsSupported),
            ("AVX-512 VBMI", Avx512Vbmi.IsSupported),
            ("NEON", AdvSimd.IsSupported),
            ("NEON dot product", Dp.IsSupported),
        ];
        return [.. known.Where(feature => feature.IsSupported).Select(feature => feature.Name)];
    }
}
