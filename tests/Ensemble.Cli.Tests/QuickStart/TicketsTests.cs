namespace Ensemble.Cli.Tests.QuickStart;

/// <summary>The data of the quick start, which nobody may change without noticing that its figures change too.</summary>
public class TicketsTests
{
    [Test]
    public async Task Voters_SeeTheSameNumberOfExamplesOfEachTeam()
    {
        BaggingData data = await ReadAsync();
        Assert.That(data.Bags, Has.Count.EqualTo(9));
        foreach (IReadOnlyList<int> bag in data.Bags)
        {
            Assert.That(bag.GroupBy(example => data.Examples[example].Label).Select(label => label.Count()), Is.EqualTo(new[] { 2, 2, 2, 2 }));
        }
    }

    [Test]
    public async Task Messages_AreNotAmongTheExamples()
    {
        BaggingData data = await ReadAsync();
        Assert.That(data.Test, Has.Count.EqualTo(24));
        Assert.That(data.Test.Select(item => item.Text).Intersect(data.Examples.Select(example => example.Text)), Is.Empty);
    }

    private static async Task<BaggingData> ReadAsync()
    {
        await using FileStream file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "tickets.json"));
        return await BaggingData.ReadAsync(file);
    }
}
