namespace Ensemble.Testing;

/// <summary>
/// A clock that moves only when told, or from timer to timer while <see cref="Run(Func{Task})"/> has work to finish: hours of waiting take
/// no time, and everything that happens, happens in the same order each time.
/// </summary>
/// <remarks>
/// Timers fire on the thread that moves the clock, and what awaits them goes on there at once, as long as it awaits with
/// <c>ConfigureAwait(false)</c> or has no synchronization context. Work that hops to the thread pool (<c>Task.Run</c>, <c>Task.Yield</c>, a
/// completion source with asynchronous continuations) is outside this order. Thread-safe; at most one thread should move the clock.
/// </remarks>
public sealed partial class VirtualTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<(VirtualTimer Timer, int Version), (long Due, long Order)> _timers = new();
    private readonly long _start;
    private long _elapsed;
    private long _jumped;
    private long _order;
    private int _pending;

    /// <summary>Creates a clock that stands.</summary>
    /// <param name="start">The time it shows; <see langword="null"/> for the first second of 2026 in UTC.</param>
    public VirtualTime(DateTimeOffset? start = null) => _start = (start ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)).UtcTicks;

    /// <summary>Gets the time zone of the clock: UTC.</summary>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Gets how many timestamps make a second: ticks of 100 ns.</summary>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Gets how far the clock has moved since it was created, jumps of the wall clock not counted.</summary>
    public TimeSpan Elapsed => new(Volatile.Read(ref _elapsed));

    /// <summary>Gets how many timers are set: what somebody is still waiting for.</summary>
    public int PendingTimers => Volatile.Read(ref _pending);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => new(_start + Volatile.Read(ref _elapsed) + Volatile.Read(ref _jumped), TimeSpan.Zero);

    /// <inheritdoc/>
    public override long GetTimestamp() => Volatile.Read(ref _elapsed);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        VirtualTimer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the wall clock alone, as a correction by a time server does; timers and timestamps do not notice.</summary>
    /// <param name="by">How far; may be negative.</param>
    public void JumpWallClock(TimeSpan by) => Interlocked.Add(ref _jumped, by.Ticks);

    /// <summary>Moves the clock and fires the timers that fall due on the way, each at its time, in the order in which they were set.</summary>
    /// <param name="by">How far.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="by"/> is negative.</exception>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        long until = Volatile.Read(ref _elapsed) + by.Ticks;
        while (FireNext(until))
        {
        }

        Volatile.Write(ref _elapsed, Math.Max(Volatile.Read(ref _elapsed), until));
    }

    /// <summary>Moves the clock to the next timer and fires it.</summary>
    /// <returns><see langword="false"/> when no timer is set; the clock then stays.</returns>
    public bool AdvanceToNextTimer() => FireNext(long.MaxValue);

    private bool FireNext(long until)
    {
        VirtualTimer timer;
        lock (_lock)
        {
            while (true)
            {
                if (!_timers.TryPeek(out var next, out var at) || at.Due > until)
                {
                    return false;
                }

                _ = _timers.Dequeue();
                if (next.Timer.Take_NeedsLock(next.Version, at.Due))
                {
                    timer = next.Timer;
                    break;
                }
            }
        }

        Inline(timer.Fire);
        return true;
    }

    // Where a synchronization context is set, continuations are queued instead of running here, and the order would be lost.
    private static void Inline(Action action)
    {
        SynchronizationContext? context = SynchronizationContext.Current;
        try
        {
            SynchronizationContext.SetSynchronizationContext(null);
            action();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}
