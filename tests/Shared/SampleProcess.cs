using System.Diagnostics;

namespace Ensemble.Tests;

/// <summary>Runs a sample as its user does: as a process, from its own output folder, without keys.</summary>
internal static class SampleProcess
{
    /// <summary>Runs it to its end.</summary>
    /// <param name="sample">The name of its folder; the test project refers to it, so it is built.</param>
    /// <param name="program">The name of its program, where that is another.</param>
    /// <returns>Its exit code and what it printed, errors among it.</returns>
    public static async Task<(int ExitCode, string Output)> RunAsync(string sample, string? program = null)
    {
        string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string path = Path.Combine(Repository.Root, "artifacts", "bin", sample, configuration, $"{program ?? sample}.dll");
        ProcessStartInfo start = new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", ["exec", path])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (string variable in start.Environment.Keys.Where(name => name.EndsWith("_API_KEY", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(variable);
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        return (process.ExitCode, await output + await errors);
    }
}
