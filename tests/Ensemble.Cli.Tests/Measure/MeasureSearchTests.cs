namespace Ensemble.Cli.Tests.Measure;

public class MeasureSearchTests
{
    [Test]
    public async Task TheFastestWayWins()
    {
        FakeMeasurer measurer = new(choice => choice is { Threads: 4, AllowSpinning: false, ExecutionProvider: "cuda" } ? 900 : choice.Threads == 4 ? 80 : 50);
        MeasureSearch search = new(measurer, "folder", processors: 8, ["cuda", "cpu"]);
        (SessionChoice best, MeasuredSpeed speed) = await search.RunAsync(_ => { }, (_, _) => { }, CancellationToken.None);
        Assert.That(best, Is.EqualTo(new SessionChoice(4, false, "cuda")));
        Assert.That(speed.Decode, Is.EqualTo(900));
        Assert.That(measurer.Asked, Has.Count.EqualTo(search.Steps).And.Count.EqualTo(6));
    }

    [Test]
    public async Task ADraw_GoesToFewerThreads_AndThoseSleep()
    {
        FakeMeasurer measurer = new(choice => 50 + (0.1 * choice.Threads) + (choice.AllowSpinning ? 1 : 0));
        (SessionChoice best, _) = await new MeasureSearch(measurer, "folder", processors: 6, ["cpu"]).RunAsync(_ => { }, (_, _) => { }, CancellationToken.None);
        Assert.That(best, Is.EqualTo(new SessionChoice(1, false, "cpu")));
        Assert.That(measurer.Asked.Select(choice => choice.Threads).Distinct(), Is.EqualTo(new[] { 1, 2, 4, 6 }));
    }

    [Test]
    public async Task SpinningThatPays_IsKept()
    {
        FakeMeasurer measurer = new(choice => choice.AllowSpinning ? 60 : 50);
        (SessionChoice best, _) = await new MeasureSearch(measurer, "folder", processors: 1, ["cpu"]).RunAsync(_ => { }, (_, _) => { }, CancellationToken.None);
        Assert.That(best, Is.EqualTo(new SessionChoice(1, true, "cpu")));
    }

    [Test]
    public async Task ADeviceThatDoesNotAnswer_IsSaidAndPassedOver()
    {
        List<string> failures = [];
        FakeMeasurer measurer = new(choice => choice.ExecutionProvider == "cuda" ? null : 50);
        (SessionChoice best, _) = await new MeasureSearch(measurer, "folder", processors: 2, ["cuda", "cpu"]).RunAsync(_ => { }, (choice, problem) => failures.Add($"{choice.ExecutionProvider}: {problem}"), CancellationToken.None);
        Assert.That(best.ExecutionProvider, Is.EqualTo("cpu"));
        Assert.That(failures, Is.EqualTo(new[] { "cuda: no such device" }));
    }
}
