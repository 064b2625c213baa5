namespace Ensemble;

/// <summary>How slow a stream may be after its first content.</summary>
/// <param name="Idle">How long the next piece may take; <see langword="null"/> for ever.</param>
/// <param name="MinimumCharactersPerSecond">How many characters must come a second, over each window; <see langword="null"/> for no minimum.</param>
internal readonly record struct StreamLimits(TimeSpan? Idle, double? MinimumCharactersPerSecond)
{
    /// <summary>Gets the time over which the rate is taken: long enough for the bursts of a network, short enough to notice.</summary>
    public static TimeSpan RateWindow => TimeSpan.FromSeconds(10);
}
