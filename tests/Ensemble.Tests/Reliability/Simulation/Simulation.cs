namespace Ensemble.Tests.Reliability;

/// <summary>Finds the smallest plan that still fails, and tells it.</summary>
internal static class Simulation
{
    /// <summary>Makes the world that is meant to hold.</summary>
    public static readonly Func<SimulationPlan, SimulationWorld> Sound = static plan => new SimulationWorld(plan, tellsStory: true);

    public static string Explain(SimulationPlan failing, Func<SimulationPlan, SimulationWorld> make)
    {
        SimulationPlan small = Shrink(failing, make);
        using SimulationWorld world = make(small);
        world.Run();
        return world.Tell();
    }

    public static SimulationPlan Shrink(SimulationPlan failing, Func<SimulationPlan, SimulationWorld> make)
    {
        using SimulationWorld first = Replay(failing);
        return Shrinker.Shrink(
            failing with { Requests = failing.Requests[..first.Ran] },
            plan =>
            {
                using SimulationWorld world = Replay(plan);
                return world.Violations.Count > 0;
            },
            plan =>
            {
                using SimulationWorld world = Replay(plan);
                return world.Story!.Where(static call => call.Fault.Length > 0).Select(static call => (call.Request, call.Member)).Distinct();
            });

        SimulationWorld Replay(SimulationPlan plan)
        {
            SimulationWorld world = make(plan);
            world.Run();
            return world;
        }
    }
}
