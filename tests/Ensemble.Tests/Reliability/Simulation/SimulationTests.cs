using System.Globalization;
using Ensemble.Testing;

namespace Ensemble.Tests.Reliability;

/// <summary>
/// Many requests over deployments that fail in every way, in bursts, brown-outs and recoveries, with a wall clock that jumps; all from one
/// seed. ENSEMBLE_SIMULATION_REQUESTS sets how many, ENSEMBLE_SIMULATION_SEED which. What fails is made small before it is printed.
/// </summary>
[NonParallelizable]
public class SimulationTests
{
    private const int InSuite = 100_000;

    /// <param name="watchesMoney">Whether every booking is compared with what members reported and receipts say; the ledger is then asked as one elsewhere is.</param>
    [Test]
    public void Requests_AreNeverLostOverspentDuplicatedOrJoined([Values] bool watchesMoney)
    {
        int requests = Setting("ENSEMBLE_SIMULATION_REQUESTS", InSuite) / 2;
        SimulationPlan plan = SimulationPlan.First(Setting("ENSEMBLE_SIMULATION_SEED", 20261125), requests);
        long memory = GC.GetTotalMemory(forceFullCollection: true);
        using SimulationWorld world = new(plan, watchesMoney: watchesMoney);
        world.Run();
        if (world.Violations.Count > 0)
        {
            Assert.Fail(Simulation.Explain(plan, small => new SimulationWorld(small, tellsStory: true, watchesMoney: watchesMoney)));
        }

        LedgerBalance balance = world.Balance;
        Assert.Multiple(() =>
        {
            Assert.That(world.Answered + world.Interrupted + world.Refused + world.Left, Is.EqualTo(requests), "every request ends once");
            Assert.That(world.Answered, Is.GreaterThan(requests / 3));
            Assert.That(world.Hedged, Is.GreaterThan(requests / 1000), "some are hedged");
            Assert.That(balance, LedgerIs.Settled);
            Assert.That(world.Turned, Is.GreaterThan(requests / 60), "requests of two turns, whose tool ran once");
            Assert.That(world.Missed, Is.GreaterThan(requests / 1000), "answers of a wrong schema, handed on as they are");
            Assert.That(world.Recoveries, Is.GreaterThan(requests / 5_000), "recoveries were seen, each in time");
            Assert.That(world.BackAtOnce, Is.GreaterThan(world.Recoveries * 0.8), "and most by the first request");
            Assert.That(NanoUsd.ToUsd(world.Small.SpentNanoUsd), Is.GreaterThan(world.SmallCap * 0.99m), "the small cap binds");
            Assert.That(NanoUsd.ToUsd(world.Small.SpentNanoUsd), Is.LessThan(world.SmallCap + 0.01m), "and is passed by what one call reports beyond its reserve at most");
            Assert.That(world.Money?.Windows ?? 5, Is.GreaterThan(3), "calendar days");
            Assert.That(world.Money?.Refusals ?? requests, Is.GreaterThan(requests / 20), "caps refused");
            Assert.That(world.Money is null ? requests : world.Compared, Is.GreaterThan(requests / 3), "receipts were compared with the ledger");
            Assert.That(GC.GetTotalMemory(forceFullCollection: true) - memory, Is.LessThan(32 << 20), "bytes kept");
        });
        TestContext.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"seed {plan.Seed}: {requests} requests in {world.Time.Elapsed.TotalHours:0.0} virtual hours: {world.Answered} answered, {world.Interrupted} interrupted, {world.Refused} refused, {world.Left} left by their caller, {world.Hedged} hedged; {world.Members.Sum(m => m.Calls)} calls, ${NanoUsd.ToUsd(balance.SpentNanoUsd):0.00} booked, ${NanoUsd.ToUsd(world.Small.SpentNanoUsd):0.000} of the small cap's ${world.SmallCap:0.000}, {world.Recoveries} recoveries, {world.BackAtOnce} at once, {world.Turned} of two turns, {world.Missed} of a wrong schema{(world.Money is { } money ? $", {money.Windows} windows, {money.Refusals} refusals, {world.Compared} receipts compared" : "")}"));
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : otherwise;
}
