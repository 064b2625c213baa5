namespace Ensemble;

/// <summary>
/// The health of one deployment or key: cooldown, breaker and time to first content behind one short lock. Deciding looks; the executor
/// begins and reports. Allocates nothing. Thread-safe. While a deployment does nothing but answer, its calls only read: what many threads
/// write moves from one processor's cache to another's with each call.
/// </summary>
internal sealed class DeploymentHealth(TimeProvider time, CooldownOptions cooldownOptions, BreakerOptions breakerOptions)
{
    // As long as few answers are known.
    private static readonly TimeSpan Ample = TimeSpan.FromMinutes(1);

    // As long as nothing is known: who gives a model less has not waited for it.
    private static readonly TimeSpan Brief = TimeSpan.FromSeconds(1);

    // As many calls as are cut off without a sign within this time, one after the other, are no longer the callers' haste.
    private const long LongSilence = 10 * TimeSpan.TicksPerSecond;

    private readonly Lock _lock = new();
    private Cooldown _cooldown;
    private Breaker _breaker;
    private long _silence;
    private long _silentFrom;

    // The epoch of the breaker while every call passes, and while another success changes nothing; else -1.
    private volatile int _passing = -1;
    private volatile int _steady = -1;

    public DeploymentHealth(TimeProvider time)
        : this(time, CooldownOptions.Default, BreakerOptions.Default)
    {
    }

    /// <summary>Gets how long streams take to their first content.</summary>
    public LatencyQuantile TimeToFirstContent { get; } = new();

    /// <summary>Gets how long whole answers take: nothing of them is seen before their end.</summary>
    public LatencyQuantile TimeToAnswer { get; } = new();

    public LatencyQuantile TimesOf(bool streaming) => streaming ? TimeToFirstContent : TimeToAnswer;

    /// <summary>
    /// Hears of a call that the caller's deadline cut off before anything came, and says whether it is late for this deployment: longer than
    /// twice what 95 % of its answers took, or, as long as few are known, than anybody waits who sets no limit. Callers choose their
    /// deadlines; one who gives it 100 ms must not take a healthy deployment out for all. But one that was silent in all calls of ten
    /// seconds is taken to hang, or it would be asked for ever by callers who give it less than a minute; for that only calls count which
    /// had the time that its answers need, or a thousand calls of 100 ms would do it after all.
    /// </summary>
    public bool IsLate(TimeSpan time, bool streaming)
    {
        TimeSpan needed = Needs(streaming, out bool isKnown);
        if (isKnown ? time > 2 * needed : time >= Ample)
        {
            return true;
        }

        if (time < needed)
        {
            return false;
        }

        long now = Now();
        lock (_lock)
        {
            // Calls at the same time are silent at the same time.
            _silentFrom = _silence == 0 ? now - time.Ticks : _silentFrom;
            _silence += time.Ticks;
            Tell_NeedsLock(now);
            return Math.Min(_silence, now - _silentFrom) >= LongSilence;
        }
    }

    /// <summary>Hears a sign of life: content of a call that the deadline cut off later, or an error that is an answer. Whoever says something does not hang.</summary>
    public void Heard()
    {
        lock (_lock)
        {
            _silence = 0;
        }
    }

    /// <summary>Says whether a call may pass now; changes nothing.</summary>
    public HealthView Look()
    {
        if (_passing >= 0)
        {
            return new HealthView(BreakerState.Closed, TimeSpan.Zero);
        }

        long now = Now();
        lock (_lock)
        {
            return _cooldown.IsCooling(now)
                ? new HealthView(BreakerState.Open, Max(_cooldown.Remaining(now), _breaker.WaitAt(now)))
                : new HealthView(_breaker.StateAt(now), _breaker.WaitAt(now));
        }
    }

    /// <summary>Says whether a call may pass now that may take so long; changes nothing.</summary>
    public bool MayPass(TimeSpan? timeLeft, bool streaming)
    {
        if (Look().CanPass)
        {
            return true;
        }

        long now = Now();
        long patience = Patience(timeLeft, streaming);
        lock (_lock)
        {
            return !_cooldown.IsCooling(now) && _breaker.PassesPatience(now, patience);
        }
    }

    /// <summary>Starts a call if one may pass.</summary>
    public bool TryBegin(out HealthLease lease) => TryBegin(timeLeft: null, streaming: false, out lease);

    /// <summary>Starts a call if one may pass. One whose deadline leaves less time than an answer is expected to need neither keeps others from probing nor is its running out of time held against the deployment.</summary>
    /// <param name="timeLeft">What is left of the request's deadline; <see langword="null"/> when it has none.</param>
    /// <param name="streaming">Whether its first content is waited for, and not the whole answer.</param>
    /// <param name="lease">The call; when none may pass, whether it is only this one, for its haste.</param>
    public bool TryBegin(TimeSpan? timeLeft, bool streaming, out HealthLease lease)
    {
        long now = Now();
        int passing = _passing;
        if (passing >= 0)
        {
            lease = new HealthLease(new BreakerPass(passing, IsProbe: false), now);
            return true;
        }

        bool isHasty = timeLeft is { } time && time < Needs(streaming, out _);
        long patience = Patience(timeLeft, streaming);
        lock (_lock)
        {
            if (_cooldown.IsCooling(now))
            {
                lease = default;
                return false;
            }

            if (!_breaker.TryBegin(now, breakerOptions, out BreakerPass pass, isHasty, patience))
            {
                lease = new HealthLease(pass, now);
                return false;
            }

            Tell_NeedsLock(now);
            lease = new HealthLease(pass, now);
            return true;
        }
    }

    /// <summary>Ends a call that answered.</summary>
    public void Succeed(HealthLease lease)
    {
        if (lease.Pass.Epoch == _steady && !lease.Pass.IsProbe)
        {
            return;
        }

        long now = Now();
        lock (_lock)
        {
            _silence = 0;
            _breaker.Succeed(lease.Pass);
            _cooldown.Success(lease.StartedAt);
            Tell_NeedsLock(now);
        }
    }

    /// <summary>Ends a call that failed. What the request itself or its caller brought about says nothing about the deployment.</summary>
    /// <param name="lease">The call.</param>
    /// <param name="failure">How it failed.</param>
    /// <param name="cutAfter">After which time the request's own deadline cut it off; <see langword="null"/> when something else ended it.</param>
    /// <returns>Whether the deployment is out for a while because of it.</returns>
    public bool Fail(HealthLease lease, Failure failure, TimeSpan? cutAfter = null)
    {
        long now = Now();
        lock (_lock)
        {
            if (failure.Scope is FailureScope.Request or FailureScope.Window)
            {
                _breaker.Abandon(lease.Pass);
                return false;
            }

            // A wait that the server states, a key or a balance that is out, and a rate limit are known at the
            // first time; the breaker is for faults that only their number tells.
            bool cools = failure.RetryAfter is not null || failure.Scope is FailureScope.Deployment || failure.Class is FailureClass.RateLimited;
            if (cools)
            {
                _cooldown.Strike(now, failure.RetryAfter, cooldownOptions);
                Tell_NeedsLock(now);
            }

            if (failure.Scope is FailureScope.Deployment || failure.Class is FailureClass.RateLimited)
            {
                _breaker.Abandon(lease.Pass);
                return true;
            }

            // Its time was too short for an answer, whoever set it.
            if (lease.Pass.IsHasty && failure.Class is FailureClass.Timeout)
            {
                _breaker.Abandon(lease.Pass);
                return cools;
            }

            // Also one that states a wait: a dead server behind a proxy that says "retry after 0" with each error is dead.
            bool wasOpen = _breaker.StateAt(now) is BreakerState.Open;
            _breaker.Fail(lease.Pass, now, breakerOptions, cutAfter?.Ticks ?? 0);
            Tell_NeedsLock(now);
            return cools || (!wasOpen && _breaker.StateAt(now) is BreakerState.Open);
        }
    }

    /// <summary>Ends a call that was no longer needed: the caller left, or another attempt was faster.</summary>
    public void Abandon(HealthLease lease)
    {
        lock (_lock)
        {
            _breaker.Abandon(lease.Pass);
        }
    }

    // Where it is known how long answers take, a call that was cut off later than that says enough.
    private long Patience(TimeSpan? timeLeft, bool streaming) =>
        TimesOf(streaming).TryGet(0.95, HedgingDelay.Default.MinimumSamples, out _) ? 0 : timeLeft?.Ticks ?? long.MaxValue;

    // Of few answers the middle one: the first may have been slow only because it was the first.
    private TimeSpan Needs(bool streaming, out bool isKnown)
    {
        LatencyQuantile times = TimesOf(streaming);
        isKnown = times.TryGet(0.95, HedgingDelay.Default.MinimumSamples, out TimeSpan usual);
        return isKnown ? usual : times.TryGet(0.5, minimum: 1, out TimeSpan middle) ? Max(middle, Brief) : Brief;
    }

    // A breaker that is closed lets every call pass, and a cooldown that is over comes back by a strike only.
    private void Tell_NeedsLock(long now)
    {
        _passing = !_breaker.IsOpen && !_cooldown.IsCooling(now) ? _breaker.Epoch : -1;
        _steady = _passing >= 0 && _breaker.KnowsSuccessesOnly && _cooldown.Strikes == 0 && _silence == 0 ? _breaker.Epoch : -1;
    }

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;

    private long Now() => time.TimestampFrequency == TimeSpan.TicksPerSecond ? time.GetTimestamp() : time.GetElapsedTime(0).Ticks;
}
