namespace Ensemble;

/// <summary>
/// When a router asks a second member beside one that is slow. The delay is learned for each member: the time that the given part of its
/// answers did not exceed, to the first content of streams, to the end of whole answers (Dean and Barroso, "The Tail at Scale", CACM 2013).
/// </summary>
public sealed class HedgingOptions
{
    internal static readonly TimeSpan LeastDelay = TimeSpan.FromMilliseconds(1);

    /// <summary>Gets or sets the part of a member's answers that come in time and are not hedged, above 0 and below 1. 0.95 hedges about one request in twenty.</summary>
    /// <value>The default value is 0.95.</value>
    public double Quantile { get; set; } = HedgingDelay.Default.Quantile;

    /// <summary>Gets or sets how many answers of a member must be known before it is hedged, at least 1: a guess could double the cost.</summary>
    /// <value>The default value is 20.</value>
    public int MinimumSamples { get; set; } = HedgingDelay.Default.MinimumSamples;

    /// <summary>Gets or sets the shortest delay, from 1 ms to 24 h; below it a second call costs more than it gains.</summary>
    /// <value>The default value is 50 milliseconds.</value>
    public TimeSpan ShortestDelay { get; set; } = HedgingDelay.Default.Shortest;

    internal HedgingDelay Delay => new(Quantile, MinimumSamples, ShortestDelay);

    internal void Validate()
    {
        if (!(Quantile > 0 && Quantile < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(Quantile), Quantile, $"Hedging: {nameof(Quantile)} is {Quantile}; give more than 0 and less than 1, for instance 0.95.");
        }

        if (MinimumSamples < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(MinimumSamples), MinimumSamples, $"Hedging: {nameof(MinimumSamples)} is {MinimumSamples}; give at least 1.");
        }

        if (ShortestDelay < LeastDelay || ShortestDelay > RouterOptions.MaximumTimeout)
        {
            throw new ArgumentOutOfRangeException(nameof(ShortestDelay), ShortestDelay, $"Hedging: {nameof(ShortestDelay)} is {ShortestDelay}; give at least 1 ms and at most 24 h.");
        }
    }
}
