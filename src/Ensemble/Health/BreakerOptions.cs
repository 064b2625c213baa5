namespace Ensemble;

/// <summary>When a breaker opens, and when it asks again. Times are in ticks of 100 ns.</summary>
/// <param name="Consecutive">How many failures in a row open it: a dead deployment must not be paid for a whole window.</param>
/// <param name="Window">How many of the last outcomes count; at most 64.</param>
/// <param name="Minimum">How many outcomes must be known before the breaker judges.</param>
/// <param name="FailuresInWindow">How many of them may fail before it opens.</param>
/// <param name="FirstWait">How long it stays open at first; doubles with each failed probe.</param>
/// <param name="LongestWait">The longest it stays open.</param>
/// <param name="ProbeLease">How long a probe may take before another one is allowed: one whose caller died must not block for ever.</param>
internal readonly record struct BreakerOptions(int Consecutive, int Window, int Minimum, int FailuresInWindow, long FirstWait, long LongestWait, long ProbeLease)
{
    public static BreakerOptions Default { get; } = new(3, 20, 10, 10, 5 * TimeSpan.TicksPerSecond, 2 * TimeSpan.TicksPerMinute, TimeSpan.TicksPerMinute);
}
