using System.CommandLine;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Ensemble.Cli.Tests.Running;

namespace Ensemble.Cli.Tests.Docs;

/// <summary>Configurations and command lines that pages show are ones that the command accepts.</summary>
public partial class PageTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Folder(), "../../.."));

    public static IEnumerable<string> Pages => Directory.EnumerateFiles(Root, "README*.md")
        .Concat(Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md"))
        .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
        .Order();

    [TestCaseSource(nameof(Pages))]
    public async Task Configurations_AreValid(string page)
    {
        // The folder that the reader has: an encoder's is looked into before anything is loaded.
        string folder = Path.Combine(TestContext.CurrentContext.WorkDirectory, "topics");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "model.onnx"), "");
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), "{}");
        foreach (Match block in Json().Matches(File.ReadAllText(Path.Combine(Root, page))))
        {
            string json = block.Groups[1].Value.Replace("./models/topics", folder.Replace('\\', '/'), StringComparison.Ordinal);
            if (json.Contains("\"Ensemble\":", StringComparison.Ordinal))
            {
                using TemporaryFile file = new(json);
                CommandResult result = await CommandLine.RunAsync("models", "--config", file.Path);
                Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Ok), $"{page}: {json}\n{result.Error}");
            }
        }
    }

    [TestCaseSource(nameof(Pages))]
    public void CommandLines_AreUnderstood(string page)
    {
        using CliContext context = new() { Terminal = new Terminal(TextReader.Null, TextWriter.Null, TextWriter.Null, new TerminalFeatures()) };
        Command root = EnsembleTool.CreateRoot(context);
        foreach (Match line in CommandLines().Matches(File.ReadAllText(Path.Combine(Root, page))))
        {
            Assert.That(root.Parse(line.Groups[1].Value.TrimEnd()).Errors.Select(error => error.Message), Is.Empty, $"{page}: {line.Value}");
        }
    }

    [TestCase("Write to ada@example.com", "local")]
    [TestCase("Name three fruits", "large")]
    public async Task FirstExampleOfChoosing_AnswersItsOwnCommands(string question, string first)
    {
        string page = File.ReadAllText(Path.Combine(Root, "docs/choosing.md"));
        Assert.That(page, Does.Contain($"$ ensemble explain \"{question}\" --config appsettings.json"));
        using TemporaryFile file = new(Json().Match(page).Groups[1].Value);
        CommandResult result = await CommandLine.RunAsync("explain", question, "--config", file.Path, "--json");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Ok), result.ToString());
        Assert.That(result.Json.GetProperty("plan")[0].GetString(), Is.EqualTo(first), result.Out);
    }

    [Test]
    public void CommandLines_AreFound() =>
        Assert.That(CommandLines().Count(File.ReadAllText(Path.Combine(Root, "docs/cli.md"))), Is.GreaterThan(5));

    [GeneratedRegex(@"```json\n([\s\S]*?)```")]
    private static partial Regex Json();

    [GeneratedRegex(@"^(?:\$ |dotnet run --project src/)[^\n]*?(?:(?<=[ |])ensemble|Ensemble\.Cli -c Release --) ([^\n|]+)", RegexOptions.Multiline)]
    private static partial Regex CommandLines();

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
