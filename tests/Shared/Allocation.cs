namespace Ensemble.Tests;

/// <summary>Measures what a warm call allocates on its own thread.</summary>
internal static class Allocation
{
    private const int Rounds = 5;

    /// <summary>
    /// Returns the bytes of one warm call. Code that allocates does so in every round; what the runtime allocates while it compiles or
    /// counts calls falls into some rounds only, so the least of several is the code's own.
    /// </summary>
    public static long Of(Action call)
    {
        call();
        long least = long.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            call();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
