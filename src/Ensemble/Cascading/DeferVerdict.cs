namespace Ensemble;

/// <summary>What the rule says about one answer.</summary>
/// <param name="Defers">Whether the next member is asked.</param>
/// <param name="Reason">Which limit decided, and by how much, for the receipt.</param>
internal readonly record struct DeferVerdict(bool Defers, string Reason);
