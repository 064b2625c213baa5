namespace Ensemble;

/// <summary>Says whom a failure concerns, and so who may be asked next.</summary>
public enum FailureScope
{
    /// <summary>The request's own fault: no further member is asked.</summary>
    Request = 0,

    /// <summary>The window is too small: only members with a larger window are asked.</summary>
    Window,

    /// <summary>The key or deployment is out of use for a while: the next one is asked and the response is marked degraded.</summary>
    Deployment,

    /// <summary>Bad luck here and now: another deployment, then another member is asked.</summary>
    Elsewhere,
}
