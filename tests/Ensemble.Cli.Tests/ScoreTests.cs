using Ensemble.Cli.Tests.Running;
using Ensemble.Testing;
using Microsoft.Extensions.AI;

namespace Ensemble.Cli.Tests;

public class ScoreTests
{
    [Test]
    public void Shares_SumToOneAndStandInOrder()
    {
        ContinuationScores scores = new([Score("a", -1000), Score("b", -998, -1), Score("c", -2000)], new UsageDetails());
        ScoreOutput output = ScoreOutput.Create("m", ["a", "b", "c"], scores);
        Assert.That(output.Choices.Select(choice => choice.Choice), Is.EqualTo(new[] { "b", "a", "c" }));
        Assert.That(output.Choices.Sum(choice => choice.Share), Is.EqualTo(1).Within(1e-12));
        Assert.That(output.Choices[0].Share, Is.EqualTo(Math.E / (1 + Math.E)).Within(1e-12), "one nat apart, far below what exp can hold");
        Assert.That(output.Best, Is.EqualTo("b"));
    }

    [Test]
    public async Task ModelWithoutScores_IsRefusedByName()
    {
        using ScriptedMember model = new("m");
        CommandResult result = await new CommandLine { Scripted = model }.StartAsync("score", "x", "--choices", "a,b", "-m", "scripted");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(result.Error, Does.Contain("'scripted' cannot score"));
    }

    [Test]
    public async Task Choices_AreRequired()
    {
        CommandResult result = await CommandLine.RunAsync("score", "x");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(result.Error, Does.Contain("--choices"));
    }

    private static ContinuationScore Score(string text, params double[] logProbabilities) =>
        new(text, [.. logProbabilities.Select(value => new TokenLogProbability(text, value))]);
}
