namespace Ensemble;

/// <summary>One call under way; it is handed back when the call ends.</summary>
internal readonly record struct HealthLease(BreakerPass Pass, long StartedAt);
