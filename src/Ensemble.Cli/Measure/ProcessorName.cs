using System.Runtime.InteropServices;
using Ensemble.Onnx;

namespace Ensemble.Cli;

/// <summary>Names the processor, as far as its system tells: a best setting holds on that one only.</summary>
internal static class ProcessorName
{
    private const string LinuxFile = "/proc/cpuinfo";

    /// <summary>Reads the name, the features and the count.</summary>
    public static string Read(LocalRuntime runtime) =>
        $"{Model() ?? RuntimeInformation.ProcessArchitecture.ToString()}; {string.Join(' ', runtime.CpuFeatures)}; {runtime.Processors}";

    private static string? Model()
    {
        if (OperatingSystem.IsLinux() && File.Exists(LinuxFile))
        {
            return File.ReadLines(LinuxFile).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[^1].Trim();
        }

        return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
    }
}
