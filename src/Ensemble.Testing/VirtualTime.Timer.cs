namespace Ensemble.Testing;

/// <content>The timers of the clock.</content>
public sealed partial class VirtualTime
{
    private sealed class VirtualTimer(VirtualTime clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;
        private int _version;
        private bool _set;
        private bool _disposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, Timeout.InfiniteTimeSpan);
            ArgumentOutOfRangeException.ThrowIfLessThan(period, Timeout.InfiniteTimeSpan);
            lock (clock._lock)
            {
                if (_disposed)
                {
                    return false;
                }

                Unset_NeedsLock();
                _period = period;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Set_NeedsLock(dueTime);
                }

                return true;
            }
        }

        public bool Take_NeedsLock(int version, long due)
        {
            if (!_set || version != _version)
            {
                return false;
            }

            Volatile.Write(ref clock._elapsed, Math.Max(clock._elapsed, due));
            Unset_NeedsLock();
            if (_period > TimeSpan.Zero)
            {
                Set_NeedsLock(_period);
            }

            return true;
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (clock._lock)
            {
                _disposed = true;
                Unset_NeedsLock();
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Set_NeedsLock(TimeSpan dueTime)
        {
            _set = true;
            clock._pending++;
            clock._timers.Enqueue((this, _version), (clock._elapsed + dueTime.Ticks, clock._order++));
        }

        private void Unset_NeedsLock()
        {
            if (_set)
            {
                _set = false;
                _version++;
                clock._pending--;
            }
        }
    }
}
