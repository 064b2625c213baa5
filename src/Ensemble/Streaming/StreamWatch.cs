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

        _waited += since == Nobody ? 0 : now - since;
        _characters += characters;
        if (_waited < StreamLimits.RateWindow.Ticks)
        {
            return true;
        }

        bool fastEnough = _characters >= minimum * new TimeSpan(_waited).TotalSeconds;
        (_waited, _characters) = (0, 0);
        return fastEnough;
    }

    /// <summary>Looks how long the present wait may still last; zero when it has lasted too long, the whole limit when nobody waits.</summary>
    public TimeSpan LeftAt(long now)
    {
        long idle = limits.Idle?.Ticks ?? long.MaxValue;
        long since = Volatile.Read(ref _waitingSince);
        return new TimeSpan(since == Nobody ? idle : Math.Max(0, idle - (now - since)));
    }
}
