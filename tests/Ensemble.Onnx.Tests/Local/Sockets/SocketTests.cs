using System.Diagnostics;

namespace Ensemble.Onnx.Tests.Local.Sockets;

[Platform("Linux", Reason = "The guard is the Linux kernel's.")]
internal sealed class SocketTests
{
    // 128 + SIGSYS: what the runtime reports of a child that the guard has killed.
    private const int Killed = 128 + 31;

    [Test]
    public async Task ALocalAnswer_OpensNoSocket_AndPrintsNoPrompt()
    {
        (int exitCode, string output) = await RunAsync(SocketChild.Answer);
        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Contain("8 tokens, telemetry Off"));
        Assert.That(output, Does.Not.Contain("4711").And.Not.Contain("Korea"));
    }

    [Test]
    public async Task TheControl_ThatOpensOne_IsCaught() => Assert.That((await RunAsync(SocketChild.Socket)).ExitCode, Is.EqualTo(Killed));

    private static async Task<(int ExitCode, string Output)> RunAsync(string what)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(typeof(SocketTests).Assembly.Location);
        start.ArgumentList.Add(what);

        // Under continuous integration, or told so, the runtimes are silent anyway and the test could not fail.
        foreach (string name in start.Environment.Keys.Where(name => name is "CI" or "TF_BUILD" or "ORT_DISABLE_TELEMETRY" || name.StartsWith("GITHUB_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        // The runtime's own diagnostics listen on a local socket.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode == SocketChild.NoGuard)
        {
            Assert.Ignore("This kernel takes no seccomp filter.");
        }

        return (process.ExitCode, output + await errors);
    }
}
