using Ensemble.Cli.Tests.Running;
using Ensemble.Testing;

namespace Ensemble.Cli.Tests;

public class PanelTests
{
    [Test]
    public async Task Ballots_AndTheReceiptStandBesideTheAnswer()
    {
        using ScriptedMember model = Voters("yes", "no", "yes");
        CommandResult result = await new CommandLine { Scripted = model }.StartAsync("ask", "Is it?", "-m", "scripted", "--panel", "3", "--choices", "yes,no");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Ok), result.ToString());
        Assert.That(result.Out, Is.EqualTo("yes" + Environment.NewLine));
        string[] lines = result.Error.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines.Take(3), Is.EquivalentTo(new[] { "scripted#1  yes", "scripted#2  no", "scripted#3  yes" }));
        Assert.That(lines[3], Does.StartWith("yes  █").And.EndsWith(" 2"));
        Assert.That(lines[4], Does.StartWith("no   █").And.EndsWith(" 1"));
        Assert.That(lines[5], Does.Contain("'yes' won with 67% of 3"));
    }

    [Test]
    public async Task Json_CarriesTheVoteAndNothingIsPrintedBesideIt()
    {
        using ScriptedMember model = Voters("yes", "no", "yes");
        CommandResult result = await new CommandLine { Scripted = model }.StartAsync("ask", "Is it?", "-m", "scripted", "--panel", "3", "--choices", "yes,no", "--json");
        Assert.That(result.Error, Is.Empty);
        Assert.That(result.Json.GetProperty("text").GetString(), Is.EqualTo("yes"));
        Assert.That(result.Json.GetProperty("receipt").GetProperty("vote").GetProperty("winner").GetString(), Is.EqualTo("yes"));
    }

    [Test]
    public async Task Voters_DrawWithTheirOwnSeedsAtTheSameTemperature()
    {
        using ScriptedMember model = new ScriptedMember("m").Always(AnswerScript.Text("blue"));
        await new CommandLine { Scripted = model }.StartAsync("ask", "Colour?", "-m", "scripted", "--panel", "3", "--seed", "5");
        Assert.That(model.Calls.Select(call => call.Options!.Seed), Is.EquivalentTo(new long?[] { 5, 6, 7 }));
        Assert.That(model.Calls.Select(call => call.Options!.Temperature), Is.All.EqualTo(AskCommand.PanelTemperature));
    }

    [Test]
    public async Task ShortAnswers_AreCountedWithoutChoices()
    {
        using ScriptedMember model = new ScriptedMember("m").Next(AnswerScript.Text("Seoul.")).Next(AnswerScript.Text("seoul")).Next(AnswerScript.Text("Busan"));
        CommandResult result = await new CommandLine { Scripted = model }.StartAsync("ask", "Where?", "-m", "scripted", "--panel", "3", "--json");
        Assert.That(result.Json.GetProperty("receipt").GetProperty("vote").GetProperty("winner").GetString(), Is.EqualTo("seoul"));
    }

    [Test]
    public async Task FailedVoter_CostsItsBallotOnly()
    {
        using ScriptedMember model = new ScriptedMember("m")
            .Next(Choice("yes")).Next(AnswerScript.Fail(new HttpRequestException("gone"))).Next(Choice("yes"));
        CommandResult result = await new CommandLine { Scripted = model }.StartAsync("ask", "Is it?", "-m", "scripted", "--panel", "3", "--choices", "yes,no");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Ok), result.ToString());
        Assert.That(result.Out, Is.EqualTo("yes" + Environment.NewLine));
        Assert.That(result.Error, Does.Contain("failed: ").And.Contain("degraded"));
    }

    private static ScriptedMember Voters(params string[] choices)
    {
        ScriptedMember member = new("m");
        foreach (string choice in choices)
        {
            member.Next(Choice(choice));
        }

        return member;
    }

    private static AnswerScript Choice(string choice) => AnswerScript.Text($"\"{choice}\"");
}
