namespace Ensemble;

/// <summary>One way to a member.</summary>
/// <param name="Member">The member.</param>
/// <param name="Way">The member with this one client.</param>
/// <param name="Lane">Its health and limits.</param>
internal sealed record RouteTarget(Member Member, Member Way, Lane Lane);
