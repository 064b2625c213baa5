using System.Globalization;

namespace Ensemble;

/// <summary>
/// Lets calls to one deployment through as its limits allow: at once, after a wait in a fair queue, or not at all. A call that cannot leave
/// before its deadline, or finds the queue full, is refused when it asks. Thread-safe.
/// </summary>
internal sealed class DeploymentGate : IDisposable
{
    private readonly Lock _lock = new();
    private readonly LinkedList<GateWaiter> _queue = new();
    private readonly DeploymentLimits _limits;
    private readonly int _maxQueue;
    private readonly TimeProvider _time;
    private readonly string _name;
    private readonly ITimer _timer;
    private DeploymentLimiter _limiter;
    private int _deaf;

    /// <summary>Creates a gate.</summary>
    /// <param name="name">The deployment's name, for errors.</param>
    /// <param name="limits">Its limits.</param>
    /// <param name="maxQueue">How many calls may wait.</param>
    /// <param name="time">The clock.</param>
    public DeploymentGate(string name, DeploymentLimits limits, int maxQueue, TimeProvider time)
    {
        (_name, _limits, _maxQueue, _time) = (name, limits, maxQueue, time);
        _timer = time.CreateTimer(static gate => ((DeploymentGate)gate!).Pump(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _queue.Count;
            }
        }
    }

    public int Running
    {
        get
        {
            lock (_lock)
            {
                return _limiter.Running;
            }
        }
    }

    /// <summary>Gets the share of the scarcest limit that is left, from 0 to 1; 0 while calls wait.</summary>
    public double Headroom
    {
        get
        {
            lock (_lock)
            {
                return _queue.Count > 0 ? 0 : _limiter.HeadroomAt(Now(), _limits);
            }
        }
    }

    /// <summary>Enters, or waits for a turn.</summary>
    /// <param name="tokens">The estimate of the call's tokens.</param>
    /// <param name="timeLeft">What is left of the call's deadline.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <param name="whileDeaf">How long it waits while no place is left but those of calls that were given up; <see langword="null"/> for as long as it waits otherwise.</param>
    /// <returns>The place, to be handed back with <see cref="Leave"/>.</returns>
    /// <exception cref="ModelBusyException">The call cannot leave in time.</exception>
    public ValueTask<GateLease> EnterAsync(long tokens, TimeSpan timeLeft, CancellationToken cancellationToken, TimeSpan? whileDeaf = null)
    {
        cancellationToken.ThrowIfCancellationRequested();
        GateWaiter waiter;
        lock (_lock)
        {
            // Nobody overtakes those who wait, even when a small call would fit before a large one.
            Admission admission = _limiter.TryBegin(Now(), tokens, timeLeft, _limits, _queue.Count > 0, out TimeSpan wait);
            if (admission is Admission.Admitted)
            {
                return new(new GateLease(tokens));
            }

            if (admission is Admission.Refused)
            {
                throw tokens > _limits.TokensPerMinute
                    ? new ModelBusyException(string.Create(CultureInfo.InvariantCulture, $"Deployment '{_name}' never lets this call leave: it may take {tokens} tokens, and TokensPerMinute of its limits is {_limits.TokensPerMinute}. Set or lower MaxOutputTokens, shorten the prompt, or raise the limit."))
                    : Busy($"its limits do not let this call leave within {Seconds(timeLeft)} s");
            }

            if (_queue.Count >= _maxQueue)
            {
                throw Busy($"{_queue.Count} calls wait already");
            }

            waiter = new GateWaiter(tokens, timeLeft < TimeSpan.MaxValue - _time.GetElapsedTime(0) ? Now() + timeLeft.Ticks : long.MaxValue);
            waiter.WhileDeaf = whileDeaf;
            waiter.Node = _queue.AddLast(waiter);
            if (_queue.Count == 1 && wait > TimeSpan.Zero)
            {
                _ = _timer.Change(wait, Timeout.InfiniteTimeSpan);
            }
        }

        if (IsDeaf)
        {
            LimitWhileDeaf(waiter);
        }

        return new(WaitAsync(waiter, timeLeft, cancellationToken));
    }

    /// <summary>Gets whether every place is held by a call that was given up and has not come back, so that nobody knows when one will be free.</summary>
    public bool IsDeaf => _limits.MaxConcurrency is { } most && Volatile.Read(ref _deaf) >= most;

    /// <summary>Hears that a call was given up and keeps its place until it comes back.</summary>
    public void GiveUp()
    {
        GateWaiter[] waiting;
        lock (_lock)
        {
            _deaf++;
            waiting = IsDeaf ? [.. _queue] : [];
        }

        foreach (GateWaiter waiter in waiting)
        {
            LimitWhileDeaf(waiter);
        }
    }

    /// <summary>Makes the error of a call that does not wait for such places.</summary>
    public ModelBusyException Deaf() => Busy("all its places are held by calls that were given up and have not come back");

    /// <summary>Enters if that is possible at once.</summary>
    public bool TryEnter(long tokens, out GateLease place)
    {
        place = new GateLease(tokens);
        lock (_lock)
        {
            return _limiter.TryBegin(Now(), tokens, TimeSpan.MaxValue, _limits, _queue.Count > 0, out _) is Admission.Admitted;
        }
    }

    /// <summary>Hands a place back.</summary>
    /// <param name="lease">The place.</param>
    /// <param name="usedTokens">The tokens that the call really used.</param>
    /// <param name="wasGivenUp">Whether <see cref="GiveUp()"/> was told of it.</param>
    public void Leave(GateLease lease, long usedTokens, bool wasGivenUp = false)
    {
        lock (_lock)
        {
            _deaf -= wasGivenUp ? 1 : 0;
            _limiter.End(Now(), lease.EstimatedTokens, usedTokens, _limits);
        }

        Pump();
    }

    public void Dispose() => _timer.Dispose();

    private async Task<GateLease> WaitAsync(GateWaiter waiter, TimeSpan timeLeft, CancellationToken cancellationToken)
    {
        ITimer? deadline = waiter.Deadline == long.MaxValue ? null
            : _time.CreateTimer(static state => ((Action)state!)(), () => GiveUp(waiter, Busy($"no turn came within {Seconds(timeLeft)} s")), timeLeft, Timeout.InfiniteTimeSpan);
        CancellationTokenRegistration left = cancellationToken.UnsafeRegister((_, token) => GiveUp(waiter, new OperationCanceledException(token)), null);
        try
        {
            return await waiter.Turn.Task.ConfigureAwait(false);
        }
        finally
        {
            await left.DisposeAsync().ConfigureAwait(false);
            deadline?.Dispose();
            waiter.End();
        }
    }

    // Places that nobody may ever hand back are waited for no longer than a member that names a time.
    private void LimitWhileDeaf(GateWaiter waiter)
    {
        if (waiter.WhileDeaf is not { } limit)
        {
            return;
        }

        waiter.LimitBy(_time.CreateTimer(
            _ =>
            {
                if (IsDeaf)
                {
                    GiveUp(waiter, Deaf());
                }
            },
            null, limit, Timeout.InfiniteTimeSpan));
    }

    private void GiveUp(GateWaiter waiter, Exception reason)
    {
        lock (_lock)
        {
            if (waiter.Node is null)
            {
                // Its turn came first; whoever holds the place will hand it back.
                return;
            }

            _queue.Remove(waiter.Node);
            waiter.Node = null;
        }

        waiter.Turn.SetException(reason);
        Pump();
    }

    // Turns are given outside the lock and go on at once, so that in virtual time the order is the same in each run.
    private void Pump()
    {
        while (TakeHead() is { } next)
        {
            if (next.Refused)
            {
                next.Waiter.Turn.SetException(Busy("its limits no longer let this call leave in time"));
            }
            else
            {
                next.Waiter.Turn.SetResult(new GateLease(next.Waiter.Tokens));
            }
        }
    }

    private (GateWaiter Waiter, bool Refused)? TakeHead()
    {
        lock (_lock)
        {
            if (_queue.First is not { Value: { } waiter } head)
            {
                return null;
            }

            long now = Now();
            Admission admission = _limiter.TryBegin(now, waiter.Tokens, new TimeSpan(waiter.Deadline - now), _limits, othersWait: false, out TimeSpan wait);
            if (admission is Admission.Wait)
            {
                if (wait > TimeSpan.Zero)
                {
                    _ = _timer.Change(wait, Timeout.InfiniteTimeSpan);
                }

                return null;
            }

            _queue.Remove(head);
            waiter.Node = null;
            return (waiter, admission is Admission.Refused);
        }
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);

    private ModelBusyException Busy(string why) => new($"Deployment '{_name}' is busy: {why}. Raise its limits or its queue, or add another deployment.");

    private long Now() => _time.GetElapsedTime(0).Ticks;
}
