using System.CommandLine;
using System.Runtime.CompilerServices;
using Ensemble.Cli.Tests.Running;

namespace Ensemble.Cli.Tests;

/// <summary>Help is approved text; <c>ENSEMBLE_APPROVE=1</c> writes it anew.</summary>
public class HelpTests
{
    [TestCase("ensemble", "--help")]
    [TestCase("ask", "ask", "--help")]
    [TestCase("chat", "chat", "--help")]
    [TestCase("compare", "compare", "--help")]
    [TestCase("completion", "completion", "--help")]
    [TestCase("score", "score", "--help")]
    [TestCase("classify", "classify", "--help")]
    [TestCase("models", "models", "--help")]
    [TestCase("models.prices", "models", "prices", "--help")]
    [TestCase("models.show", "models", "show", "--help")]
    [TestCase("models.add", "models", "add", "--help")]
    [TestCase("models.list", "models", "list", "--help")]
    [TestCase("models.verify", "models", "verify", "--help")]
    [TestCase("models.remove", "models", "remove", "--help")]
    [TestCase("models.measure", "models", "measure", "--help")]
    [TestCase("explain", "explain", "--help")]
    [TestCase("config", "config", "--help")]
    [TestCase("config.check", "config", "check", "--help")]
    [TestCase("config.schema", "config", "schema", "--help")]
    [TestCase("doctor", "doctor", "--help")]
    [TestCase("count", "count", "--help")]
    [TestCase("truncate", "truncate", "--help")]
    public async Task Help_IsTheApprovedOne(string name, params string[] args)
    {
        CommandResult result = await CommandLine.RunAsync(args);
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Ok));
        string path = Path.Combine(Folder(), "Approved", $"{name}.help.txt");
        string text = result.Out.ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable("ENSEMBLE_APPROVE") == "1")
        {
            File.WriteAllText(path, text);
        }

        Assert.That(text, Is.EqualTo(File.ReadAllText(path)));
    }

    [Test]
    public void EveryVerb_HasApprovedHelpWithExamples()
    {
        using CliContext context = new() { Terminal = new Terminal(TextReader.Null, TextWriter.Null, TextWriter.Null, new TerminalFeatures()) };
        foreach (Command verb in EnsembleTool.CreateRoot(context).Subcommands)
        {
            Assert.That(Path.Combine(Folder(), "Approved", $"{verb.Name}.help.txt"), Does.Exist);
            Assert.That((verb as ExampleCommand)?.Examples, Is.Not.Null.And.Not.Empty, verb.Name);
        }
    }

    [Test]
    public void Examples_AllParse()
    {
        using CliContext context = new() { Terminal = new Terminal(TextReader.Null, TextWriter.Null, TextWriter.Null, new TerminalFeatures()) };
        Command root = EnsembleTool.CreateRoot(context);
        IEnumerable<Example> examples = root.Subcommands.SelectMany(verb => verb.Subcommands.Prepend(verb)).Prepend(root).OfType<ExampleCommand>().SelectMany(command => command.Examples);
        foreach (Example example in examples)
        {
            string commandLine = example.CommandLine[example.CommandLine.IndexOf("ensemble ", StringComparison.Ordinal)..]["ensemble ".Length..];
            Assert.That(root.Parse(commandLine).Errors, Is.Empty, example.CommandLine);
        }
    }

    [Test]
    public async Task NoArguments_ShowTheHelpAndAreAMistake()
    {
        CommandResult result = await CommandLine.RunAsync();
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(result.Out, Does.Contain("Exit codes:"));
    }

    [TestCase("aks", "Did you mean 'ask'?")]
    [TestCase("frobnicate", "There are: ask, chat, compare, score, explain, classify, models, config, doctor")]
    public async Task UnknownVerb_IsAnsweredWithTheKnownOnes(string verb, string message)
    {
        CommandResult result = await CommandLine.RunAsync(verb, "x");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(result.Error, Does.Contain(message));
    }

    [Test]
    public async Task Version_IsThatOfTheTool()
    {
        CommandResult result = await CommandLine.RunAsync("--version");
        Assert.That(result, Is.EqualTo(new CommandResult(ExitCode.Ok, VersionOptionFactory.Version + Environment.NewLine, "")));
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
