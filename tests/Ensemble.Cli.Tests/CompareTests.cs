using Ensemble.Cli.Tests.Running;
using Ensemble.Testing;
using Microsoft.Extensions.AI;
using Spectre.Console.Testing;

namespace Ensemble.Cli.Tests;

public class CompareTests
{
    private const string Application =
        """
        { "Ensemble": {
            "Models": { "lost": { "Provider": "local", "Model": "/nowhere/at-all" } },
            "Compositions": { "again": { "Kind": "route", "Members": "scripted" } } } }
        """;

    [Test]
    public async Task InAPipe_EachModelIsABlock_InTheOrderOfTheCommandLine([Values] bool inTurn)
    {
        using TemporaryFile file = new(Application);
        using ScriptedMember model = new("m");
        model.Always(_ => AnswerScript.Text("Seoul", ".\n"));
        string[] args = ["compare", "Which city?", "--models", "scripted,again", "--config", file.Path, .. inTurn ? (string[])["--in-turn"] : []];
        CommandResult result = await new CommandLine { Scripted = model }.StartAsync(args);
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Ok), result.ToString());
        Assert.That(result.Out.ReplaceLineEndings("\n"), Does.Match(@"^== scripted\nSeoul\.\n-- \S+ tokens in, \S+ out; [\d.]+ s \(first [\d.]+ s\); [^\n]+\n\n== again\nSeoul\.\n-- [^\n]+\n$"));
        Assert.That(result.Error, Is.Empty);
        Assert.That(model.Calls, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task AModelThatFails_DoesNotStopTheOthers_AndTheExitCodeSaysSo()
    {
        using TemporaryFile file = new(Application);
        using ScriptedMember model = new("m");
        model.Always(_ => AnswerScript.Text("Seoul."));
        CommandResult result = await new CommandLine { Scripted = model }.StartAsync("compare", "Which city?", "--models", "lost,scripted", "--config", file.Path, "--json");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Failed), result.ToString());
        Assert.That(result.Json.GetProperty("models")[0].GetProperty("error").GetString(), Does.Contain("/nowhere/at-all"));
        Assert.That(result.Json.GetProperty("models")[1].GetProperty("text").GetString(), Is.EqualTo("Seoul."));
        Assert.That(result.Json.GetProperty("models")[1].TryGetProperty("error", out _), Is.False);
        Assert.That(result.Json.GetProperty("models")[1].GetProperty("outputTokens").GetInt64(), Is.Positive);
    }

    [Test]
    public async Task NobodyAnswers_IsAFailure()
    {
        using TemporaryFile file = new(Application);
        using ScriptedMember model = new("m");
        model.Always(_ => AnswerScript.Http(500));
        CommandResult result = await new CommandLine { Scripted = model }.StartAsync("compare", "Which city?", "--models", "lost,scripted", "--config", file.Path);
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Failed), result.ToString());
        Assert.That(result.Out, Does.Contain("== lost").And.Contain("== scripted").And.Contain("error: "));
    }

    [TestCase("scripted", "2 to 9")]
    [TestCase("scripted,SCRIPTED", "twice")]
    [TestCase("scripted,scriptde", "Did you mean 'scripted'?")]
    public async Task AMistakeInTheNames_IsSaidBeforeAnybodyIsAsked(string models, string message)
    {
        using ScriptedMember model = new("m");
        CommandResult result = await new CommandLine { Scripted = model }.StartAsync("compare", "x", "--models", models);
        Assert.That((result.ExitCode, result.Out), Is.EqualTo((ExitCode.Usage, "")), result.ToString());
        Assert.That(result.Error, Does.Contain(message));
        Assert.That(model.Calls, Is.Empty);
    }

    [Test]
    public async Task Stopping_EndsTheWholeComparison()
    {
        using CancellationTokenSource stop = new();
        using ScriptedMember model = new("m");
        model.Always(_ =>
        {
            stop.Cancel();
            return AnswerScript.Hang();
        });
        CommandResult result = await new CommandLine { Scripted = model, CancellationToken = stop.Token }.StartAsync("compare", "x", "--models", "scripted,local", "--in-turn");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Cancelled), result.ToString());
    }

    [Test]
    public async Task OnATerminal_ColumnsStandSideBySide_AndTheLastPictureIsWhole()
    {
        using TestConsole console = new TestConsole().Width(60).Height(12).EmitAnsiSequences().Interactive();
        using ScriptedMember talker = new("talker");
        talker.Always(_ => AnswerScript.Text(string.Join('\n', Enumerable.Range(1, 40).Select(line => $"line {line} :key:"))));
        using ScriptedMember broken = new("broken");
        broken.Always(_ => AnswerScript.Fail(new HttpRequestException("no [red]wire")));
        CompareLane[] lanes = [new("left", TimeProvider.System), new("right", TimeProvider.System)];
        Task models = Task.WhenAll(AskAsync(lanes[0], talker), AskAsync(lanes[1], broken));
        await CompareColumns.ShowAsync(console, lanes, models, TimeProvider.System, CancellationToken.None);
        Assert.That(console.Output, Does.Contain("left").And.Contain("right").And.Contain("line 1 ").And.Contain("line 40 :key:").And.Contain("no [red]wire"));
    }

    [Test]
    public async Task WhileAModelSpeaks_TheEndOfItsAnswerFitsTheWindow()
    {
        using TestConsole console = new TestConsole().Width(60).Height(12);
        using ScriptedMember talker = new("talker");
        talker.Always(_ => AnswerScript.Text(string.Join('\n', Enumerable.Range(1, 40).Select(line => $"line {line}"))));
        CompareLane[] lanes = [new("left", TimeProvider.System), new("right", TimeProvider.System)];
        await AskAsync(lanes[0], talker);
        console.Write(CompareColumns.Render(console, lanes, isLive: true));
        Assert.That(console.Lines, Has.Count.LessThanOrEqualTo(12));
        Assert.That(console.Output, Does.Contain("line 40").And.Not.Contain("line 1 ").And.Contain("…"));
    }

    private static Task AskAsync(CompareLane lane, ScriptedMember member) =>
        lane.RunAsync(() => member, [new ChatMessage(ChatRole.User, "x")], new ChatOptions(), CancellationToken.None);
}
