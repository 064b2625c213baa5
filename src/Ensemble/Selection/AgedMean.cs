namespace Ensemble;

/// <summary>
/// A time as it was measured, which is believed less the longer ago that was. The mean is over the last measurements, about ten of them, and
/// each of those weighs half as much after every half-life. What is told of it halves in the same way: a time that nobody measures again
/// goes to 0, where whoever was never measured stands, so that one slow answer never decides for ever.
/// </summary>
internal struct AgedMean
{
    /// <summary>
    /// Ten minutes: providers publish disturbances of minutes to hours, and a model that took twice the time of the fastest is asked
    /// again after ten minutes of silence, one that took ten times as long after 33.
    /// </summary>
    public static readonly TimeSpan HalfLife = TimeSpan.FromMinutes(10);

    /// <summary>The weight of the newest value at least.</summary>
    private const double Newest = 0.1;

    private double _mean;
    private double _count;
    private long _at;

    /// <summary>Gets the mean without ageing; NaN when nothing was measured.</summary>
    public readonly double Mean => _count == 0 ? double.NaN : _mean;

    /// <summary>Gets when the last value was measured, as a timestamp of the clock.</summary>
    public readonly long At => _at;

    public void Add(double value, long now, TimeProvider time)
    {
        _count = (_count * Share(now, time)) + 1;
        _mean += Math.Max(Newest, 1 / _count) * (value - _mean);
        _at = now;
    }

    /// <summary>Says what is believed now; NaN when nothing was measured.</summary>
    public readonly double Value(long now, TimeProvider time) => Mean * Share(now, time);

    private readonly double Share(long now, TimeProvider time) =>
        Math.Pow(0.5, Math.Max(0, time.GetElapsedTime(_at, now) / HalfLife));
}
