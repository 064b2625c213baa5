using Ensemble.Cli.Tests.Running;
using Spectre.Console;

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

    [Test]
    public void Tables_ShowWhatOthersWroteAsItIs()
    {
        const string Written = "[red]:key:[/]";
        using StringWriter written = new();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(written), Ansi = AnsiSupport.No });
        console.Profile.Width = 200;
        ScoreTable.Write(console, new ScoreOutput { Model = "m", Best = Written, Choices = [new ChoiceScore { Choice = Written }] });
        ClassifyTable.WriteAnswers(console, [new ClassifyLine { Text = Written, Label = Written, Confidence = 1, Agreement = 1, Defers = false, Expected = "x" }]);
        ClassifyTable.WriteAccuracies(console, [new(Written, Accuracy.OfCount(1, 2))]);
        Assert.That(written.ToString().Split(Written), Has.Length.EqualTo(5), written.ToString());
    }
}
