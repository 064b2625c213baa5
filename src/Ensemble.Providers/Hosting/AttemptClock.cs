namespace Ensemble;

/// <summary>
/// Joins the caller's token with the time that the deployment is given. It runs only while the provider is waited for. One timer serves a
/// whole stream and looks how long the present wait lasts: to set one for each piece would cost more than the piece.
/// </summary>
internal sealed class AttemptClock : IDisposable
{
    private const long Nobody = long.MinValue;

    // Timers count in milliseconds; a shorter rest would be cut to none and fire again at once.
    private static readonly TimeSpan Finest = TimeSpan.FromMilliseconds(1);

    private readonly CancellationToken _caller;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _source = new();
    private readonly CancellationTokenRegistration _link;
    private ITimer? _timer;
    private long _waitingSince = Nobody;
    private volatile bool _disposed;

    public AttemptClock(HostedModel model, CancellationToken caller)
    {
        _caller = caller;
        _timeout = model.Timeout;
        _time = model.Time;
        _link = caller.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _source);
    }

    public CancellationToken Token => _source.Token;

    /// <summary>Gets the caller's own token, whose cancellation is never a failure.</summary>
    public CancellationToken Caller => _caller;

    public bool HasRunOut => _source.IsCancellationRequested && !_caller.IsCancellationRequested;

    public TimeSpan Allowed => _timeout;

    public void Start()
    {
        Volatile.Write(ref _waitingSince, _time.GetTimestamp());
        if (_timer is null)
        {
            _timer = _time.CreateTimer(static state => ((AttemptClock)state!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(_timeout < Finest ? Finest : _timeout, Timeout.InfiniteTimeSpan);
        }
    }

    public void Stop() => Volatile.Write(ref _waitingSince, Nobody);

    public void Dispose()
    {
        _disposed = true;
        _link.Dispose();
        _timer?.Dispose();
        _source.Dispose();
    }

    private void Look()
    {
        long since = Volatile.Read(ref _waitingSince);
        TimeSpan left = since == Nobody ? _timeout : _timeout - _time.GetElapsedTime(since);
        try
        {
            if (left <= TimeSpan.Zero)
            {
                _source.Cancel();
            }
            else
            {
                _timer?.Change(left < Finest ? Finest : left, Timeout.InfiniteTimeSpan);
            }
        }
        catch (ObjectDisposedException) when (_disposed)
        {
            // The answer came while the timer fired.
        }
    }
}
