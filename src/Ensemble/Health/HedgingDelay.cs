namespace Ensemble;

/// <summary>How long the first attempt is waited for before a second one is started beside it.</summary>
/// <param name="Quantile">The part of the calls that answer in time and are not hedged.</param>
/// <param name="MinimumSamples">How many calls must be known; until then nothing is hedged, since a guess could double the cost.</param>
/// <param name="Shortest">The shortest delay: below it a second call costs more than it gains.</param>
internal readonly record struct HedgingDelay(double Quantile, int MinimumSamples, TimeSpan Shortest)
{
    public static HedgingDelay Default { get; } = new(0.95, 20, TimeSpan.FromMilliseconds(50));

    /// <summary>Says when to hedge; <see langword="null"/> not to.</summary>
    /// <param name="timeToFirstContent">What is known of the first member.</param>
    /// <param name="timeLeft">What is left of the request's deadline; a second attempt that would start after half of it comes too late to answer.</param>
    public TimeSpan? For(LatencyQuantile timeToFirstContent, TimeSpan timeLeft)
    {
        if (!timeToFirstContent.TryGet(Quantile, MinimumSamples, out TimeSpan delay))
        {
            return null;
        }

        delay = delay < Shortest ? Shortest : delay;
        return delay <= timeLeft / 2 ? delay : null;
    }
}
