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

    [Test]
    public void Requests_AreNeverLostOverspentDuplicatedOrJoined()
    {
        int requests = Setting("ENSEMBLE_SIMULATION_REQUESTS", InSuite);
        SimulationPlan plan = SimulationPlan.First(Setting("ENSEMBLE_SIMULATION_SEED", 20261125), requests);
        long memory = GC.GetTotalMemory(forceFullCollection: true);
        using SimulationWorld world = new(plan);
        world.Run();
        if (world.Violations.Count > 0)
        {
            Assert.Fail(Simulation.Explain(plan, Simulation.Sound));
        }

        LedgerBalance balance = world.Balance;
        Assert.Multiple(() =>
        {
            Assert.That(world.Answered + world.Interrupted + world.Refused + world.Left, Is.EqualTo(requests), "every request ends once");
            Assert.That(world.Answered, Is.GreaterThan(requests / 2));
            Assert.That(world.Hedged, Is.GreaterThan(requests / 1000), "some are hedged");
            Assert.That(balance, LedgerIs.Settled);
            Assert.That(balance, LedgerIs.Within(SimulationWorld.Cap));
            Assert.That(GC.GetTotalMemory(forceFullCollection: true) - memory, Is.LessThan(32 << 20), "bytes kept");
        });
        TestContext.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"seed {plan.Seed}: {requests} requests in {world.Time.Elapsed.TotalHours:0.0} virtual hours: {world.Answered} answered, {world.Interrupted} interrupted, {world.Refused} refused, {world.Left} left by their caller, {world.Hedged} hedged; {world.Members.Sum(m => m.Calls)} calls, ${NanoUsd.ToUsd(balance.SpentNanoUsd):0.00} of ${SimulationWorld.Cap:0}"));
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : otherwise;
}
