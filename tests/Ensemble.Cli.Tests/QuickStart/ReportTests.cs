using QuickStart;
using QuickStart.Bagging;
using Spectre.Console.Testing;

namespace Ensemble.Cli.Tests.QuickStart;

public class ReportTests
{
    [Test]
    public void Summary_IsReadAtAGlance()
    {
        TicketSet tickets = new()
        {
            TextWord = "Text",
            LabelWord = "Label",
            Labels = ["a", "b"],
            Examples = [new("1", "a"), new("2", "b")],
            Bags = [[], []],
            Test = [new("3", "a"), new("4", "b"), new("5", "a"), new("6", "b")],
        };
        double[] a = LogProbabilities.Normalise([2, 0]);
        double[] b = LogProbabilities.Normalise([0, 2]);
        Scores scores = new(tickets, [[a, a, a, a], [a, b, a, b]], [[a, a], [a, b]]);
        using TestConsole console = new TestConsole().Width(120);
        console.Write(Report.Summary(scores));
        string[] lines = [.. console.Output.Split('\n').Select(line => line.TrimEnd())];
        Assert.That(lines.Single(line => line.Contains("average voter", StringComparison.Ordinal)), Does.Contain("worst 2, best 4").And.Contain("3 / 4").And.Contain("75 %").And.Contain("██████████████████"));
        Assert.That(lines.Single(line => line.Contains("T = 1", StringComparison.Ordinal)), Does.Contain("69 %"), "half certain of a, half always right: (0.88 + 0.12 + 0.88 + 0.88) / 4");
        Assert.That(lines.Count(line => line.Contains(" / 4", StringComparison.Ordinal)), Is.EqualTo(5));
    }

    [Test]
    public void Ballots_ShowWhoHasNone()
    {
        using TestConsole console = new();
        console.Write(Report.Ballots(new Vote
        {
            Outcome = VoteOutcome.Decided,
            Ballots = [new Ballot { Voter = "voter 1", Choice = "billing" }, new Ballot { Voter = "voter 2", Failure = FailureClass.Timeout }],
        }));
        Assert.That(console.Output, Does.Contain("billing").And.Contain("none (Timeout)"));
    }
}
