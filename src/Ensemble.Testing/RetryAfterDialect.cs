namespace Ensemble.Testing;

/// <summary>Says in which of the ways found in the field a rate-limited member tells how long to wait.</summary>
public enum RetryAfterDialect
{
    /// <summary>It does not say.</summary>
    None = 0,

    /// <summary><c>Retry-After: 20</c>, whole seconds rounded up.</summary>
    Seconds,

    /// <summary><c>Retry-After: Wed, 21 Oct 2026 07:28:00 GMT</c>, whole seconds rounded up.</summary>
    HttpDate,

    /// <summary><c>retry-after-ms: 20000</c>.</summary>
    Milliseconds,

    /// <summary><c>x-ratelimit-reset-requests: 6m0s</c>, beside a remaining count of 0.</summary>
    ResetDuration,

    /// <summary><c>x-ratelimit-reset: 1792567680</c>, Unix seconds, rounded up.</summary>
    ResetUnixTime,

    /// <summary>Only in the body: <c>Please try again in 20s.</c></summary>
    MessageText,
}
