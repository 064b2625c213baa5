namespace Ensemble;

/// <summary>The permission of one call; it is handed back when the call ends.</summary>
internal readonly record struct BreakerPass(int Epoch, bool IsProbe);
