namespace Ensemble;

/// <summary>How slow a stream may be.</summary>
/// <param name="Idle">How long the next piece may take after the first content; <see langword="null"/> for ever.</param>
/// <param name="Silence">How long it may say nothing before its first content; <see langword="null"/> for ever.</param>
/// <param name="MinimumCharactersPerSecond">How many characters must come a second, over each window; <see langword="null"/> for no minimum.</param>
internal readonly record struct StreamLimits(TimeSpan? Idle, TimeSpan? Silence, double? MinimumCharactersPerSecond)
{
    /// <summary>Gets after which wait a stream that has content is looked at first; <see langword="null"/> for never.</summary>
    public TimeSpan? FirstLook => MinimumCharactersPerSecond is null || Idle < RateWindow ? Idle : RateWindow;

    /// <summary>Gets the time over which the rate is taken: long enough for the bursts of a network, short enough to notice.</summary>
    public static TimeSpan RateWindow => TimeSpan.FromSeconds(10);
}
