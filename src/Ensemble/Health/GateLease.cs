namespace Ensemble;

/// <summary>A place among the running calls of a deployment.</summary>
internal readonly record struct GateLease(long EstimatedTokens);
