namespace Ensemble;

/// <summary>
/// What ends one attempt before its member does: the caller left, the time is up, or nobody wants the answer any more. The member's token
/// fires at once; a member that ignores it holds nobody longer than the grace: its call then goes on by itself and is awaited there.
/// (Polly's timeout waits for such a member, and cannot stand still while a consumer holds an update.)
/// </summary>
internal sealed class AttemptStop : IDisposable
{
    /// <summary>How long a member may take to obey its token.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly TimeSpan _graceTime;
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _caller;
    private readonly CancellationTokenRegistration _fired;
    private readonly ITimer? _limit;
    private ITimer? _grace;
    private Action? _whenOver;
    private int _isOver;
    private bool _disposed;

    /// <summary>Creates the stop of one attempt.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="timeout">After which time it fires by itself; <see langword="null"/> for never.</param>
    /// <param name="caller">The caller's token.</param>
    /// <param name="grace">How long who is stopped may take to obey; <see langword="null"/> for <see cref="Grace"/>.</param>
    public AttemptStop(TimeProvider time, TimeSpan? timeout, CancellationToken caller, TimeSpan? grace = null)
    {
        _time = time;
        _graceTime = grace ?? Grace;
        _source = new CancellationTokenSource();
        _fired = _source.Token.UnsafeRegister(static state => ((AttemptStop)state!).StartGrace(), this);
        _caller = caller.UnsafeRegister(static state => ((AttemptStop)state!).Fire(), this);
        if (timeout <= TimeSpan.Zero)
        {
            Fire();
        }

        _limit = timeout is { } limit ? time.CreateTimer(static state => ((AttemptStop)state!).Stop(), this, limit < TimeSpan.Zero ? TimeSpan.Zero : limit, Timeout.InfiniteTimeSpan) : null;
    }

    /// <summary>Gets the token that the member sees.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Fires.</summary>
    public void Stop()
    {
        lock (_source)
        {
            if (_disposed)
            {
                return;
            }
        }

        Fire();
    }

    /// <summary>Waits for a call, and no longer than the grace once the stop has fired.</summary>
    /// <exception cref="TimeoutException">The member did not obey its token in time.</exception>
    public Task<T> HoldAsync<T>(Task<T> call) => call.IsCompleted ? call : WaitAsync(call);

    /// <summary>Waits until a stream is closed, and no longer than the grace once the stop has fired.</summary>
    public async ValueTask HoldAsync(IAsyncDisposable stream)
    {
        ValueTask closing = stream.DisposeAsync();
        if (closing.IsCompletedSuccessfully)
        {
            return;
        }

        TaskCompletionSource over = new();
        WhenOver(() => over.TrySetResult());
        if (!IsOver)
        {
            _ = await Task.WhenAny(closing.AsTask(), over.Task).ConfigureAwait(false);
        }
    }

    /// <summary>Gets whether the grace is over.</summary>
    public bool IsOver => Volatile.Read(ref _isOver) == 1;

    /// <summary>Says what to do when the grace is over. It may be over already: whoever says so looks at <see cref="IsOver"/> afterwards.</summary>
    public void WhenOver(Action? action) => Interlocked.Exchange(ref _whenOver, action);

    /// <summary>Sets the time after which it fires by itself anew; it must have been given one when it was made.</summary>
    public void Rearm(TimeSpan? timeout) => _limit!.Change(timeout ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        _limit?.Dispose();
        _caller.Dispose();
        _fired.Dispose();
        lock (_source)
        {
            _disposed = true;
            _grace?.Dispose();
        }

        _source.Dispose();
    }

    // What a member throws when it is told to stop concerns nobody else: neither the caller who cancels, nor the attempt that has won, nor the thread of a timer.
    private void Fire()
    {
        try
        {
            _source.Cancel();
        }
        catch (AggregateException)
        {
        }
        catch (ObjectDisposedException)
        {
            // It ended in the same moment.
        }
    }

    private async Task<T> WaitAsync<T>(Task<T> call)
    {
        TaskCompletionSource over = new();
        WhenOver(() => over.TrySetResult());
        if (IsOver)
        {
            // The member kept the thread until then, and its call goes on all the same.
            over.TrySetResult();
        }

        if (await Task.WhenAny(call, over.Task).ConfigureAwait(false) == call)
        {
            return await call.ConfigureAwait(false);
        }

        // What it ends with concerns nobody any more, but it must not surface as an unobserved exception.
        _ = call.ContinueWith(static late => late.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        throw new TimeoutException("The member did not obey its token.");
    }

    private void StartGrace()
    {
        lock (_source)
        {
            if (!_disposed)
            {
                _grace = _time.CreateTimer(static state => ((AttemptStop)state!).EndGrace(), this, _graceTime, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void EndGrace()
    {
        _ = Interlocked.Exchange(ref _isOver, 1);
        Volatile.Read(ref _whenOver)?.Invoke();
    }
}
