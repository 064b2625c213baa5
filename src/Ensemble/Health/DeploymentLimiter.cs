namespace Ensemble;

/// <summary>
/// The limits of one deployment as a step machine without clock or lock: calls at once, requests a minute and tokens a minute, all or
/// nothing. It knows deadlines: a call that cannot leave in time is refused when it asks, not when its time is up.
/// </summary>
internal struct DeploymentLimiter
{
    private RateBucket _requests;
    private RateBucket _tokens;
    private int _running;

    public readonly int Running => _running;

    /// <summary>Asks for a call.</summary>
    /// <param name="now">The time in ticks.</param>
    /// <param name="tokens">The estimate of the call's tokens.</param>
    /// <param name="timeLeft">What is left of the call's deadline.</param>
    /// <param name="limits">The limits; those that are unknown do not limit.</param>
    /// <param name="othersWait">Whether others asked before and still wait; then nothing is taken.</param>
    /// <param name="wait">How long to wait before asking again; for calls that end before, the time is unknown and zero.</param>
    public Admission TryBegin(long now, long tokens, TimeSpan timeLeft, DeploymentLimits limits, bool othersWait, out TimeSpan wait)
    {
        TimeSpan? byRequests = limits.RequestsPerMinute is { } requests ? _requests.WaitFor(now, 1, requests) : TimeSpan.Zero;
        TimeSpan? byTokens = limits.TokensPerMinute is { } perMinute ? _tokens.WaitFor(now, tokens, perMinute) : TimeSpan.Zero;
        wait = default;
        if (byRequests is not { } forRequests || byTokens is not { } forTokens || timeLeft <= TimeSpan.Zero)
        {
            return Admission.Refused;
        }

        wait = forRequests > forTokens ? forRequests : forTokens;
        if (wait > TimeSpan.Zero)
        {
            return wait < timeLeft ? Admission.Wait : Admission.Refused;
        }

        if (othersWait || _running >= limits.MaxConcurrency)
        {
            return Admission.Wait;
        }

        _ = limits.RequestsPerMinute is { } r && _requests.TryTake(now, 1, r);
        _ = limits.TokensPerMinute is { } t && _tokens.TryTake(now, tokens, t);
        _running++;
        return Admission.Admitted;
    }

    /// <summary>Says which share of the scarcest limit is left, from 0 to 1.</summary>
    public readonly double HeadroomAt(long now, DeploymentLimits limits)
    {
        double least = limits.MaxConcurrency is { } most ? Math.Max(0, most - _running) / (double)most : 1;
        least = limits.RequestsPerMinute is { } requests ? Math.Min(least, _requests.ShareAt(now, requests)) : least;
        return limits.TokensPerMinute is { } tokens ? Math.Min(least, _tokens.ShareAt(now, tokens)) : least;
    }

    /// <summary>Ends a call with the tokens that it really used.</summary>
    public void End(long now, long estimatedTokens, long usedTokens, DeploymentLimits limits)
    {
        _running--;
        if (limits.TokensPerMinute is { } perMinute)
        {
            _tokens.Correct(now, estimatedTokens, usedTokens, perMinute);
        }
    }
}
