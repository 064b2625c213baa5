namespace Ensemble.Benchmarks;

/// <summary>Names the processor that figures belong to.</summary>
internal static class Machine
{
    /// <summary>Reads the processor's name.</summary>
    public static string Cpu()
    {
        const string Info = "/proc/cpuinfo";
        string? model = File.Exists(Info) ? File.ReadLines(Info).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        return model is null ? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "unknown processor" : model[(model.IndexOf(':', StringComparison.Ordinal) + 2)..];
    }
}
