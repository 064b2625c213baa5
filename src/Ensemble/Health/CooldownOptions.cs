namespace Ensemble;

/// <summary>How long something is left alone when it does not say so itself. Times are in ticks of 100 ns.</summary>
internal readonly record struct CooldownOptions(long First, long Longest)
{
    /// <summary>Gets the defaults: 5 seconds as LiteLLM's users know it, doubling up to 5 minutes.</summary>
    public static CooldownOptions Default { get; } = new(5 * TimeSpan.TicksPerSecond, 5 * TimeSpan.TicksPerMinute);
}
