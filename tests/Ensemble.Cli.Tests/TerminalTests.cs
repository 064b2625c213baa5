using Ensemble.Cli.Tests.Running;

namespace Ensemble.Cli.Tests;

public class TerminalTests
{
    [Test]
    public async Task NoColour_MeansNoEscapeSequenceEvenOnATerminal([Values] bool isTerminal)
    {
        CommandResult result = await new CommandLine { IsTerminal = isTerminal, Colours = false }.StartAsync("ask", "x", "--model", "nobody");
        Assert.That(result.Error, Does.Contain("nobody").And.Not.Match("\u001b"));
    }

    [Test]
    public async Task LongMessage_StaysOneLineInAPipe()
    {
        string name = new('n', 300);
        CommandResult result = await CommandLine.RunAsync("ask", "x", "--model", name);
        Assert.That(result.Error, Does.Contain(name));
        Assert.That(result.Error.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Brackets_InAMessageAreNotMarkup()
    {
        CommandResult result = await CommandLine.RunAsync("ask", "x", "--config", "[red]nowhere[/].json");
        Assert.That(result.Error, Does.Contain("[red]nowhere[/].json"));
    }

    [Test]
    public async Task Colons_InAMessageAreNoEmoji()
    {
        using TemporaryFile file = new("""{ "Ensemble": { "Models": { "key": { "Provider": "bank" } } } }""");
        CommandResult result = await CommandLine.RunAsync("ask", "x", "--config", file.Path);
        Assert.That(result.Error, Does.Contain("Ensemble:Models:key:Provider"));
    }
}
