namespace Ensemble;

/// <summary>What a decision sees of a breaker.</summary>
internal enum BreakerState
{
    /// <summary>Calls pass.</summary>
    Closed = 0,

    /// <summary>No call passes.</summary>
    Open,

    /// <summary>One call may pass as a probe, and nobody has taken it yet.</summary>
    ProbeDue,

    /// <summary>A probe is under way; no other call passes.</summary>
    Probing,
}
