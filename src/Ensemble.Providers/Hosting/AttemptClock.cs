namespace Ensemble;

/// <summary>Joins the caller's token with the time that the deployment is given.</summary>
internal sealed class AttemptClock : IDisposable
{
    private readonly CancellationToken _caller;
    private readonly TimeSpan _timeout;
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _link;

    public AttemptClock(HostedModel model, CancellationToken caller)
    {
        _caller = caller;
        _timeout = model.Timeout;
        _source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, model.Time);
        _link = caller.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _source);
    }

    public CancellationToken Token => _source.Token;

    /// <summary>Gets the caller's own token, whose cancellation is never a failure.</summary>
    public CancellationToken Caller => _caller;

    public bool HasRunOut => _source.IsCancellationRequested && !_caller.IsCancellationRequested;

    public TimeSpan Allowed => _timeout;

    public void Start() => _source.CancelAfter(_timeout);

    public void Stop() => _source.CancelAfter(Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        _link.Dispose();
        _source.Dispose();
    }
}
