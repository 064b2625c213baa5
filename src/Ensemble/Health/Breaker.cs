using System.Numerics;

namespace Ensemble;

/// <summary>
/// A circuit breaker as a step machine without clock or lock. Unlike one that leaves its open state only when somebody executes, its state
/// is a pure function of time: a decision sees that a probe is due, prefers or avoids the deployment, and the attempt takes the probe.
/// </summary>
internal struct Breaker
{
    private ulong _failures;
    private int _known;
    private int _failedProbes;
    private long _openUntil;
    private long _probeUntil;
    private long _hastyFrom;
    private long _cutAfter;
    private long _patientUntil;
    private int _epoch;
    private int _openedIn;
    private bool _open;

    public readonly BreakerState StateAt(long now) =>
        !_open ? BreakerState.Closed
        : now < _probeUntil ? BreakerState.Probing
        : now < _openUntil ? BreakerState.Open
        : BreakerState.ProbeDue;

    public readonly bool IsOpen => _open;

    /// <summary>Gets the state of affairs that a pass belongs to.</summary>
    public readonly int Epoch => _epoch;

    /// <summary>Gets whether all outcomes that it remembers are successes, so that another changes nothing.</summary>
    public readonly bool KnowsSuccessesOnly => _failures == 0 && _known == 64;

    /// <summary>
    /// Says whether a call may pass although the breaker is open: when it rests on calls that their own callers cut off, whoever gives much more time than the
    /// longest of them is not shut out by them. One at a time.
    /// </summary>
    /// <param name="now">The present.</param>
    /// <param name="timeLeft">How long the call may take.</param>
    public readonly bool PassesPatience(long now, long timeLeft) => _open && _cutAfter > 0 && timeLeft / 2 > _cutAfter && now >= _patientUntil;

    /// <summary>Gets how long until a probe is due; zero when a call may pass.</summary>
    public readonly TimeSpan WaitAt(long now) => _open ? new TimeSpan(Math.Max(0, Math.Max(_openUntil, _probeUntil) - now)) : TimeSpan.Zero;

    /// <summary>
    /// Starts a call, as the probe when one is due. One that will hardly have the time for an answer holds no probe: whoever has the time may
    /// begin another beside it. It may try all the same, once per first wait, or nobody would ever come back whose callers are all in haste.
    /// </summary>
    /// <param name="now">The present.</param>
    /// <param name="options">When it opens.</param>
    /// <param name="pass">The call.</param>
    /// <param name="isHasty">Whether it will hardly have the time for an answer.</param>
    /// <param name="timeLeft">How long it may take, when little is known of how long answers take; else zero.</param>
    /// <returns><see langword="false"/> when no call may pass; the pass then says whether it is only this one, for its haste.</returns>
    public bool TryBegin(long now, BreakerOptions options, out BreakerPass pass, bool isHasty = false, long timeLeft = 0)
    {
        switch (StateAt(now))
        {
            case not BreakerState.Closed when PassesPatience(now, timeLeft):
                _epoch++;
                _probeUntil = _patientUntil = now + options.ProbeLease;
                pass = new BreakerPass(_epoch, IsProbe: true);
                return true;
            case BreakerState.Closed:
                pass = new BreakerPass(_epoch, IsProbe: false);
                return true;
            case BreakerState.ProbeDue when isHasty && now < _hastyFrom:
                pass = new BreakerPass(_epoch, IsProbe: false, IsHasty: true);
                return false;
            case BreakerState.ProbeDue when isHasty:
                _epoch++;
                _hastyFrom = now + options.FirstWait;
                pass = new BreakerPass(_epoch, IsProbe: true, IsHasty: true);
                return true;
            case BreakerState.ProbeDue:
                _epoch++;
                _probeUntil = now + options.ProbeLease;
                pass = new BreakerPass(_epoch, IsProbe: true);
                return true;
            default:
                pass = default;
                return false;
        }
    }

    /// <summary>Ends a call that succeeded.</summary>
    public void Succeed(BreakerPass pass)
    {
        // A probe that took longer than its lease has answered all the same, whoever probes now.
        bool isProbe = pass.IsProbe && _open && pass.Epoch - _openedIn > 0;
        if (pass.Epoch != _epoch && !isProbe)
        {
            // It began under another state of affairs: an old success must not close a breaker that has opened since.
            return;
        }

        if (isProbe)
        {
            (_open, _failures, _known, _failedProbes, _probeUntil, _cutAfter, _patientUntil) = (false, 0, 0, 0, 0, 0, 0);
            _epoch++;
            return;
        }

        _cutAfter = 0;
        Record(failed: false);
    }

    /// <summary>Ends a call that failed through the deployment's fault.</summary>
    /// <param name="pass">The call.</param>
    /// <param name="now">The present.</param>
    /// <param name="options">When it opens.</param>
    /// <param name="cutAfter">After which time its own caller's deadline cut it off; zero when something else ended it.</param>
    public void Fail(BreakerPass pass, long now, BreakerOptions options, long cutAfter = 0)
    {
        if (pass.Epoch != _epoch)
        {
            return;
        }

        _cutAfter = cutAfter == 0 ? 0 : Math.Max(_cutAfter, cutAfter);
        if (pass.IsProbe)
        {
            _failedProbes = Math.Min(_failedProbes + 1, 62);
            Open(now, options);
            return;
        }

        Record(failed: true);
        bool inARow = _known >= options.Consecutive && BitOperations.PopCount(_failures & Last(options.Consecutive)) == options.Consecutive;
        bool tooMany = Math.Min(_known, options.Window) >= options.Minimum && BitOperations.PopCount(_failures & Last(options.Window)) >= options.FailuresInWindow;
        if (inARow || tooMany)
        {
            Open(now, options);
        }
    }

    /// <summary>Ends a call that says nothing about the deployment: cancelled, or the request's own fault. A probe is given back.</summary>
    public void Abandon(BreakerPass pass)
    {
        if (pass.IsProbe && pass.Epoch == _epoch)
        {
            _probeUntil = _patientUntil = 0;
        }
    }

    private static ulong Last(int outcomes) => outcomes >= 64 ? ulong.MaxValue : (1UL << outcomes) - 1;

    private void Record(bool failed)
    {
        _failures = (_failures << 1) | (failed ? 1UL : 0);
        _known = Math.Min(_known + 1, 64);
    }

    private void Open(long now, BreakerOptions options)
    {
        long wait = options.FirstWait >= options.LongestWait >> _failedProbes ? options.LongestWait : options.FirstWait << _failedProbes;
        (_open, _openUntil, _probeUntil, _hastyFrom, _patientUntil) = (true, now + wait, 0, 0, 0);
        _openedIn = ++_epoch;
    }
}
