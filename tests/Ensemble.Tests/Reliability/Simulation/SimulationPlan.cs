using System.Collections.Immutable;

namespace Ensemble.Tests.Reliability;

/// <summary>
/// What is simulated: a seed, which of its requests run, and which calls go well although their seed says otherwise. Everything that
/// happens to a request follows from the seed and the request's number, never from what ran before it, so a plan with fewer requests
/// is the same story with chapters left out.
/// </summary>
internal sealed record SimulationPlan(int Seed, ImmutableArray<int> Requests, ImmutableHashSet<(int Request, string Member)> Healed)
{
    public const int Batch = 50;

    /// <summary>Gets how many requests there were before any was left out.</summary>
    public int Whole { get; init; }

    public static SimulationPlan First(int seed, int requests) => new(seed, [.. Enumerable.Range(0, requests)], []) { Whole = requests };

    /// <summary>The chances of one thing, the same whenever it is asked for.</summary>
    public Random Chance(string what, int number, int further = 0)
    {
        // SplitMix64 over the parts: neighbouring numbers must not have related chances.
        ulong mixed = (ulong)(uint)Seed;
        foreach (int part in (ReadOnlySpan<int>)[what.Aggregate(7, static (hash, c) => unchecked((hash * 31) + c)), number, further])
        {
            mixed = unchecked(mixed + (uint)part + 0x9E3779B97F4A7C15UL);
            mixed = unchecked((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL);
            mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL);
            mixed ^= mixed >> 31;
        }

        return new Random((int)mixed);
    }
}
