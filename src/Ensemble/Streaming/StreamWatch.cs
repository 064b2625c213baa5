namespace Ensemble;

/// <summary>
/// Says whether a stream is too slow, as a step machine without clock: it counts only the time that the member is waited for, never that
/// in which the consumer holds an update. Times are in ticks of 100 ns. One thread moves it; another may look.
/// </summary>
internal struct StreamWatch(StreamLimits limits)
{
    private const long Nobody = long.MinValue;

    private long _waitingSince = Nobody;
    private long _waited;
    private long _characters;

    /// <summary>Gets whether the member is waited for; only the thread that moves it changes that.</summary>
    public readonly bool IsWaiting => Volatile.Read(in _waitingSince) != Nobody;

    /// <summary>Starts to wait for the member.</summary>
    public void Begin(long now) => Volatile.Write(ref _waitingSince, now);

    /// <summary>Ends the wait with a piece.</summary>
    /// <returns><see langword="false"/> when over a whole window the member was slower than the minimum.</returns>
    public bool End(long now, int characters)
    {
        long since = Nobody;
        if (IsWaiting)
        {
            since = Interlocked.Exchange(ref _waitingSince, Nobody);
        }

        if (limits.MinimumCharactersPerSecond is not { } minimum)
        {
            return true;
        }

        Volatile.Write(ref _waited, _waited + (since == Nobody ? 0 : now - since));
        Volatile.Write(ref _characters, _characters + characters);
        if (_waited < StreamLimits.RateWindow.Ticks)
        {
            return true;
        }

        bool fastEnough = _characters >= minimum * new TimeSpan(_waited).TotalSeconds;
        (_waited, _characters) = (0, 0);
        return fastEnough;
    }

    /// <summary>Looks how long the present wait may still last; zero when it has lasted too long, the whole limit when nobody waits.</summary>
    /// <param name="now">The present.</param>
    /// <param name="byRate">Whether it is the minimum rate that ends it: a member that stalls brings no piece at which to find out.</param>
    public readonly TimeSpan LeftAt(long now, out bool byRate)
    {
        long since = Volatile.Read(in _waitingSince);
        long idle = limits.Idle?.Ticks ?? long.MaxValue;
        long rate = limits.MinimumCharactersPerSecond is null ? long.MaxValue : StreamLimits.RateWindow.Ticks;
        if (since != Nobody)
        {
            // While the member is waited for nobody moves the sums.
            idle -= idle == long.MaxValue ? 0 : now - since;
            long left = limits.MinimumCharactersPerSecond is { } minimum ? EnoughUntil(minimum) - (Volatile.Read(in _waited) + now - since) : rate;

            // A piece may have come meanwhile, and its wait be in the sum already.
            rate = Volatile.Read(in _waitingSince) == since ? left : rate;
        }

        byRate = rate < idle;
        return new TimeSpan(Math.Max(0, Math.Min(idle, rate)));
    }

    // How long all that has come in this window is enough for; never less than the window.
    private readonly long EnoughUntil(double minimum) =>
        (long)Math.Clamp(Math.Ceiling(Volatile.Read(in _characters) / minimum * TimeSpan.TicksPerSecond) + 1, StreamLimits.RateWindow.Ticks, long.MaxValue / 4);
}
