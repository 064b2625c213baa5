namespace Ensemble;

/// <summary>The permission of one call; it is handed back when the call ends.</summary>
/// <param name="Epoch">The state of affairs under which it began.</param>
/// <param name="IsProbe">Whether the call finds out if an open breaker may close.</param>
/// <param name="IsHasty">Whether the call has less time than an answer is expected to take: then its running out of time proves nothing.</param>
internal readonly record struct BreakerPass(int Epoch, bool IsProbe, bool IsHasty = false);
