namespace Ensemble.Tests.Reliability;

/// <summary>Makes a failing plan small: drops requests and faults as long as it still fails.</summary>
internal static class Shrinker
{
    private const int MostReplays = 400;

    public static SimulationPlan Shrink(SimulationPlan failing, Func<SimulationPlan, bool> fails, Func<SimulationPlan, IEnumerable<(int Request, string Member)>> faults)
    {
        int replays = 0;
        SimulationPlan smallest = failing;
        bool Try(SimulationPlan candidate)
        {
            if (replays++ >= MostReplays || !fails(candidate))
            {
                return false;
            }

            smallest = candidate;
            return true;
        }

        // What fails at the end mostly began shortly before.
        for (int last = 1; last < failing.Requests.Length && !Try(failing with { Requests = failing.Requests[^last..] }); last *= 4)
        {
        }

        for (int chunk = Math.Max(1, smallest.Requests.Length / 2); ; chunk = Math.Max(1, chunk / 2))
        {
            bool dropped = false;
            for (int start = 0; start < smallest.Requests.Length;)
            {
                int count = Math.Min(chunk, smallest.Requests.Length - start);
                if (count < smallest.Requests.Length && Try(smallest with { Requests = smallest.Requests.RemoveRange(start, count) }))
                {
                    dropped = true;
                }
                else
                {
                    start += count;
                }
            }

            if (chunk == 1 && (!dropped || replays >= MostReplays))
            {
                break;
            }
        }

        foreach ((int Request, string Member) fault in faults(smallest).ToArray())
        {
            _ = Try(smallest with { Healed = smallest.Healed.Add(fault) });
        }

        return smallest;
    }
}
