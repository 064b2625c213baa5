namespace Ensemble;

/// <summary>
/// Converts between the US dollars of the public surface and the nano-dollars that ledgers add up: integers, so that sums are exact and
/// can be updated atomically anywhere. A <see cref="long"/> holds 9.2 billion dollars.
/// </summary>
public static class NanoUsd
{
    private const decimal PerUsd = 1_000_000_000m;

    /// <summary>Converts dollars, rounding up: what is reserved or booked is never less than what is owed.</summary>
    /// <param name="usd">US dollars, not negative.</param>
    /// <returns>Nano-dollars; <see cref="long.MaxValue"/> when it does not fit.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="usd"/> is negative.</exception>
    public static long FromUsd(decimal usd)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(usd);
        return usd >= long.MaxValue / PerUsd ? long.MaxValue : (long)decimal.Ceiling(usd * PerUsd);
    }

    /// <summary>Converts a cap in dollars, rounding down: a cap never allows more than was granted.</summary>
    /// <param name="usd">US dollars, not negative.</param>
    /// <returns>Nano-dollars, at most <see cref="long.MaxValue"/> − 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="usd"/> is negative.</exception>
    public static long CapFromUsd(decimal usd)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(usd);

        // One below the largest value: a sum that overflowed stays at the largest, and so is never within a cap.
        return usd >= long.MaxValue / PerUsd ? long.MaxValue - 1 : (long)decimal.Floor(usd * PerUsd);
    }

    /// <summary>Converts nano-dollars to dollars, exactly.</summary>
    /// <param name="nanoUsd">Nano-dollars.</param>
    /// <returns>US dollars.</returns>
    public static decimal ToUsd(long nanoUsd) => nanoUsd / PerUsd;

    /// <summary>Adds without overflow: a sum that does not fit stays at the largest value, which no cap can pay.</summary>
    /// <param name="left">Nano-dollars, not negative.</param>
    /// <param name="right">Nano-dollars; may be negative, but no less than <paramref name="left"/> can give.</param>
    /// <returns>The sum.</returns>
    public static long Add(long left, long right) => right > 0 && left > long.MaxValue - right ? long.MaxValue : left + right;
}
