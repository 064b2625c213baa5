using Ensemble.Cli.Tests.Running;
using Ensemble.Testing;

namespace Ensemble.Cli.Tests;

public class ChatTests
{
    [Test]
    public async Task InAPipe_AnswersAreOnStandardOutput_AndEachKnowsWhatWasSaidBefore()
    {
        using ScriptedMember model = new("m");
        model.Always(call => AnswerScript.Text($"answer {call.Messages.Count}"));
        CommandResult result = await new CommandLine { Scripted = model, Input = "one\n\ntwo\n//three\n" }.StartAsync("chat", "--model", "scripted", "--system", "Be brief.");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Ok), result.ToString());
        Assert.That(result.Out.ReplaceLineEndings("\n"), Is.EqualTo("answer 2\nanswer 4\nanswer 6\n"));
        Assert.That(model.Calls[2].Messages[^1].Text, Is.EqualTo("/three"));
        Assert.That(result.Error, Is.Empty);
    }

    [Test]
    public async Task Commands_TellAndForget()
    {
        using ScriptedMember model = new("m");
        model.Always(call => AnswerScript.Text($"answer {call.Messages.Count}"));
        CommandResult result = await new CommandLine { Scripted = model, Input = "/receipt\none\n/receipt\n/cost\n/history\n/clear\ntwo\n/model\n/help\n/quit\nnever\n" }.StartAsync("chat", "--model", "scripted");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Ok), result.ToString());
        Assert.That(result.Out.ReplaceLineEndings("\n"), Is.EqualTo("answer 1\nanswer 1\n"));
        Assert.That(result.Error, Does.StartWith("Nobody has answered yet.").And.Contain("1 answers").And.Contain("user: one").And.Contain("assistant: answer 1").And.Contain("/save FILE"));
    }

    [Test]
    public async Task ASavedConversation_GoesOn()
    {
        using TemporaryFile file = new("");
        using ScriptedMember model = new("m");
        model.Always(call => AnswerScript.Text($"answer {call.Messages.Count}"));
        await new CommandLine { Scripted = model, Input = $"one\n/save {file.Path}\n" }.StartAsync("chat", "--model", "scripted");
        CommandResult result = await new CommandLine { Scripted = model, Input = $"/load {file.Path}\ntwo\n" }.StartAsync("chat", "--model", "scripted");
        Assert.That(result.Out.Trim(), Is.EqualTo("answer 3"), result.ToString());
    }

    [TestCase("/modle x", "Did you mean '/model'?")]
    [TestCase("/save", "needs the name of a file")]
    [TestCase("/load /nowhere/at-all.json", "nowhere")]
    [TestCase("/model nobody", "nobody")]
    public async Task AMistake_EndsAPipe_AndAPersonGoesOn(string line, string message)
    {
        using ScriptedMember model = new("m");
        model.Always(call => AnswerScript.Text($"answer {call.Messages.Count}"));
        CommandResult pipe = await new CommandLine { Scripted = model, Input = line + "\none\n" }.StartAsync("chat", "--model", "scripted");
        Assert.That((pipe.ExitCode, pipe.Out), Is.EqualTo((ExitCode.Usage, "")), pipe.ToString());
        CommandResult person = await new CommandLine { Scripted = model, Interactive = line + "\none\n" }.StartAsync("chat", "--model", "scripted");
        Assert.That(person.ExitCode, Is.EqualTo(ExitCode.Ok), person.ToString());
        Assert.That(person.Out.Trim(), Is.EqualTo("answer 1"));
        Assert.That(person.Error, Does.Contain(message));
    }

    [Test]
    public async Task Completion_GivesVerbsAndOptions_AndAScriptForEachShell()
    {
        Assert.That((await CommandLine.RunAsync(CompletionCommand.Suggest, "mod")).Out, Does.Contain("models"));
        Assert.That((await CommandLine.RunAsync(CompletionCommand.Suggest, "ask --te")).Out, Does.Contain("--temperature"));
        Assert.That((await CommandLine.RunAsync(CompletionCommand.Suggest, "models ver")).Out.Trim(), Is.EqualTo("verify"));
        foreach (string shell in (string[])["bash", "zsh", "fish", "pwsh"])
        {
            CommandResult script = await CommandLine.RunAsync("completion", shell);
            Assert.That(script.Out, Does.Contain(CompletionCommand.Suggest).And.Not.Contain("\r"), shell);
        }

        Assert.That((await CommandLine.RunAsync("completion", "tcsh")).ExitCode, Is.EqualTo(ExitCode.Usage));
    }
}
