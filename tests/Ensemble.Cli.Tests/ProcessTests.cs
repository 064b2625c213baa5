using System.Diagnostics;

namespace Ensemble.Cli.Tests;

/// <summary>The command as its own process: real pipes and real signals.</summary>
[NonParallelizable]
public class ProcessTests
{
    // From its own folder: beside these tests the web framework stands in for some of the libraries that the tool brings.
    private static readonly string Tool = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "../../Ensemble.Cli", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "Ensemble.Cli.dll"));

    [Test]
    [CancelAfter(60_000)]
    public async Task Pipe_CarriesQuestionAndAnswer(CancellationToken timeout)
    {
        using Process tool = Start("ask");
        await tool.StandardInput.WriteAsync("What is the capital of South Korea?\n".AsMemory(), timeout);
        tool.StandardInput.Close();
        string text = await tool.StandardOutput.ReadToEndAsync(timeout);
        string error = await tool.StandardError.ReadToEndAsync(timeout);
        await tool.WaitForExitAsync(timeout);
        Assert.That(tool.ExitCode, Is.Zero, error);
        Assert.That(text, Does.Contain("Seoul").And.Not.Match("\u001b"));
        Assert.That(error, Is.Empty);
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Windows has no kill command.")]
    [CancelAfter(60_000)]
    public async Task Signal_EndsTheAnswerWith130AndNoTrace(CancellationToken timeout)
    {
        using Process tool = Start("ask", "Tell a very long story about the sea.", "--max-tokens", "4000");
        char[] first = new char[1];
        Assert.That(await tool.StandardOutput.ReadAsync(first, timeout), Is.EqualTo(1), "the answer has begun");
        // Not -INT: a runner in the background has that ignored, and its children inherit it. Both signals take the same way.
        using Process kill = Process.Start("kill", ["-TERM", $"{tool.Id}"]);
        await kill.WaitForExitAsync(timeout);
        await tool.StandardOutput.ReadToEndAsync(timeout);
        string error = await tool.StandardError.ReadToEndAsync(timeout);
        await tool.WaitForExitAsync(timeout);
        Assert.That(tool.ExitCode, Is.EqualTo(ExitCode.Cancelled), error);
        Assert.That(error, Is.Empty);
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Windows does not tell a closed pipe.")]
    [CancelAfter(60_000)]
    public async Task ClosedPipe_EndsTheAnswerWithoutAnError(CancellationToken timeout)
    {
        using Process tool = Start("ask", "Tell a very long story about the sea.", "--max-tokens", "8000", "--temperature", "1.5", "--seed", "1");
        char[] first = new char[1];
        Assert.That(await tool.StandardOutput.ReadAsync(first, timeout), Is.EqualTo(1), "the answer has begun");
        tool.StandardOutput.Close();
        string error = await tool.StandardError.ReadToEndAsync(timeout);
        await tool.WaitForExitAsync(timeout);
        Assert.That(tool.ExitCode, Is.EqualTo(ExitCode.Ok), error);
        Assert.That(error, Is.Empty);
    }

    private static Process Start(params string[] args)
    {
        ProcessStartInfo start = new("dotnet", [Tool, .. args])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }
}
