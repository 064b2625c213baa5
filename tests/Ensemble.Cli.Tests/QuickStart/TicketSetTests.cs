using QuickStart.Bagging;

namespace Ensemble.Cli.Tests.QuickStart;

public class TicketSetTests
{
    private static readonly TicketSet Tickets = TicketSet.Load(Path.Combine(AppContext.BaseDirectory, "tickets.json"));

    [Test]
    public void Bags_HoldTheSameNumberOfExamplesOfEachLabel()
    {
        Assert.That(Tickets.Bags, Has.Count.EqualTo(9));
        foreach (IReadOnlyList<int> bag in Tickets.Bags)
        {
            Assert.That(bag, Is.Unique);
            Assert.That(bag.GroupBy(example => Tickets.Examples[example].Label).Select(label => label.Count()), Is.EqualTo(new[] { 2, 2, 2, 2 }));
        }
    }

    [Test]
    public void Tests_AreNotAmongTheExamples() =>
        Assert.That(Tickets.Test.Select(item => item.Text).Intersect(Tickets.Examples.Select(example => example.Text)), Is.Empty);

    [Test]
    public void EveryExample_IsOutsideSomeBag() =>
        Assert.That(Enumerable.Range(0, Tickets.Examples.Count).All(example => Tickets.Bags.Any(bag => !bag.Contains(example))));

    [Test]
    public void Voter_IsTheModelWithItsOwnExamplesInPromptOrder()
    {
        IReadOnlyList<MemberOptions> voters = Tickets.Voters("completion");
        Assert.That(voters, Has.Count.EqualTo(9));
        MemberOptions first = voters[0];
        Assert.That((first.Model, first.Name, first.Temperature), Is.EqualTo(("completion", "voter 1", 0f)));
        string prompt = string.Concat(first.Examples.Select(example => example.User + example.Assistant)) + Tickets.Question("Hello?");
        Assert.That(prompt, Does.StartWith("Message: I was charged twice this month.\nTeam: billing\n\nMessage: "));
        Assert.That(prompt, Does.EndWith("\n\nMessage: Hello?\nTeam:"));
    }
}
