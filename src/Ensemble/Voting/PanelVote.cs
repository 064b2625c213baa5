namespace Ensemble;

/// <summary>What became of one voter.</summary>
/// <param name="Index">Its place among the voters.</param>
/// <param name="Result">How its attempt ended.</param>
/// <param name="Ballot">Its ballot.</param>
internal sealed record PanelVote(int Index, AttemptResult Result, Ballot Ballot);
