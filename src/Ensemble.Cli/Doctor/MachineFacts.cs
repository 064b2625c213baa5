using System.Runtime.InteropServices;
using Ensemble.Onnx;

namespace Ensemble.Cli;

/// <summary>What the program runs on.</summary>
internal sealed record MachineFacts
{
    /// <summary>Gets the version of this tool.</summary>
    public required string Ensemble { get; init; }

    /// <summary>Gets the .NET runtime.</summary>
    public required string DotNet { get; init; }

    /// <summary>Gets the operating system.</summary>
    public required string System { get; init; }

    /// <summary>Gets the architecture of this process.</summary>
    public required string Architecture { get; init; }

    /// <summary>Gets how many processors this process may use.</summary>
    public int Processors { get; init; }

    /// <summary>Gets how much memory this process may use, in bytes.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Gets the processor features that decide how fast a local model is.</summary>
    public required IReadOnlyList<string> CpuFeatures { get; init; }

    /// <summary>Gets the version of ONNX Runtime GenAI.</summary>
    public required string OnnxRuntimeGenAI { get; init; }

    /// <summary>Gets the version of the native ONNX Runtime; <see langword="null"/> when there is none.</summary>
    public string? OnnxRuntime { get; init; }

    /// <summary>Gets the execution providers that the native runtime was built with.</summary>
    public required IReadOnlyList<string> ExecutionProviders { get; init; }

    /// <summary>Gets whether the native runtimes may send telemetry.</summary>
    public required TelemetryState Telemetry { get; init; }

    /// <summary>Looks at this machine.</summary>
    public static MachineFacts Read()
    {
        LocalRuntime runtime = LocalRuntime.Describe();
        return new MachineFacts
        {
            Ensemble = VersionOptionFactory.Version,
            DotNet = RuntimeInformation.FrameworkDescription,
            System = RuntimeInformation.OSDescription,
            Architecture = runtime.Architecture,
            Processors = runtime.Processors,
            MemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            CpuFeatures = runtime.CpuFeatures,
            OnnxRuntimeGenAI = runtime.GenAIVersion,
            OnnxRuntime = runtime.OnnxRuntimeVersion,
            ExecutionProviders = runtime.ExecutionProviders,
            Telemetry = runtime.Telemetry,
        };
    }
}
