namespace Ensemble;

/// <summary>What one member can cost for a request at most, as far as that does not depend on what is left.</summary>
/// <param name="Price">What it charges.</param>
/// <param name="InputTokens">The bound of the prompt as the member is sent it.</param>
/// <param name="NeededOutput">The answer that must be payable: all that the caller allows, else what is expected.</param>
/// <param name="MostOutput">The longest answer that limits and model allow.</param>
internal readonly record struct PriceBound(Price Price, long InputTokens, long NeededOutput, long MostOutput);
