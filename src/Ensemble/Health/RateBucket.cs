namespace Ensemble;

/// <summary>
/// A token bucket as a step machine without clock or lock (the generic cell rate algorithm, ITU-T I.371): instead of tokens it keeps the
/// moment at which all that was taken is paid back, so nothing drips and integers are exact. The bucket holds one minute's limit.
/// Law: in any span of t minutes at most limit × (1 + t) are taken.
/// </summary>
internal struct RateBucket
{
    private long _paidBackAt;

    /// <summary>Says how long to wait until an amount can be taken.</summary>
    /// <returns>Zero when it can be taken now; <see langword="null"/> when it is more than the bucket ever holds.</returns>
    public readonly TimeSpan? WaitFor(long now, long amount, long perMinute)
    {
        if (amount > perMinute)
        {
            return null;
        }

        long after = Math.Max(now, _paidBackAt) + Ticks(amount, perMinute);
        return new TimeSpan(Math.Max(0, after - now - TimeSpan.TicksPerMinute));
    }

    /// <summary>Takes an amount that <see cref="WaitFor"/> allows now.</summary>
    public bool TryTake(long now, long amount, long perMinute)
    {
        if (WaitFor(now, amount, perMinute) != TimeSpan.Zero)
        {
            return false;
        }

        _paidBackAt = Math.Max(now, _paidBackAt) + Ticks(amount, perMinute);
        return true;
    }

    /// <summary>Says which share of the limit can be taken now, from 0 to 1.</summary>
    public readonly double ShareAt(long now, long perMinute) =>
        perMinute <= 0 ? 0 : Math.Clamp(1 - ((_paidBackAt - now) / (double)TimeSpan.TicksPerMinute), 0, 1);

    /// <summary>Corrects an estimate: gives back what was not used, or takes what was used beyond, even if that overdraws the bucket.</summary>
    public void Correct(long now, long taken, long used, long perMinute)
    {
        long difference = used - taken;
        _paidBackAt = difference >= 0
            ? Math.Max(now, _paidBackAt) + Ticks(difference, perMinute)
            : Math.Max(0, _paidBackAt - (long)((Int128)(-difference) * TimeSpan.TicksPerMinute / perMinute));
    }

    // Rounded up, so that many small amounts never pass for less than their sum.
    private static long Ticks(long amount, long perMinute) => (long)((((Int128)amount * TimeSpan.TicksPerMinute) + perMinute - 1) / perMinute);
}
