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

    [Test]
    [CancelAfter(120_000)]
    public async Task LinesOfThePageOnClassify_WorkInARow_AndTheRuntimeIsSilent(CancellationToken timeout)
    {
        string page = await File.ReadAllTextAsync(Path.Combine(Folder(), "../../docs/cli.md"), timeout);
        string[] lines = [.. page.Split('\n').Where(line => line.StartsWith("$ ensemble classify", StringComparison.Ordinal) && !line.Contains("QuickStart", StringComparison.Ordinal))];
        Assert.That(lines, Has.Length.EqualTo(4));
        DirectoryInfo folder = Directory.CreateTempSubdirectory("ensemble-classify-");
        try
        {
            const string Examples = """
                {"text":"Great work","label":"positive"}
                {"text":"I love it","label":"positive"}
                {"text":"A waste of money","label":"negative"}
                {"text":"I hate it","label":"negative"}
                """;
            foreach (string name in (string[])["examples.jsonl", "tickets.jsonl", "test.jsonl"])
            {
                await File.WriteAllTextAsync(Path.Combine(folder.FullName, name), Examples, timeout);
            }

            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "texts.jsonl"), "{\"text\":\"A wonderful film\"}\n", timeout);
            foreach (string line in lines)
            {
                using Process tool = Start(folder.FullName, line.Split(' ')[2..]);
                tool.StandardInput.Close();
                Task<string> text = tool.StandardOutput.ReadToEndAsync(timeout);
                string error = await tool.StandardError.ReadToEndAsync(timeout);
                await tool.WaitForExitAsync(timeout);
                Assert.That(tool.ExitCode, Is.Zero, $"{line}\n{error}");
                Assert.That(await text, Does.Contain("positive"), line);
                Assert.That(error.Trim().Split('\n').Where(said => !said.StartsWith("Known before", StringComparison.Ordinal) && !said.StartsWith("The fit is in", StringComparison.Ordinal)), Is.Empty, line);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Folder([System.Runtime.CompilerServices.CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    private static Process Start(params string[] args) => Start(Environment.CurrentDirectory, args);

    private static Process Start(string folder, string[] args)
    {
        ProcessStartInfo start = new("dotnet", [Tool, .. args])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }
}
