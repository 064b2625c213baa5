namespace Ensemble;

/// <summary>How a count stands while ballots are out.</summary>
/// <param name="Leader">The weight of the leader; 0 when there is none.</param>
/// <param name="Second">The largest weight among the others; 0 when there is none.</param>
/// <param name="Total">The weight of all readable ballots.</param>
/// <param name="Choices">How many different choices there are.</param>
/// <param name="AllAlone">Whether no choice has more than one ballot.</param>
internal readonly record struct Standing(double Leader, double Second, double Total, int Choices, bool AllAlone)
{
    // Sums of weights like 1/3 are off by less than this; a lead that is smaller is none.
    private const double Rounding = 1e-7;

    /// <summary>Says whether the leader stays alone in the lead whatever the ballots that are out say. An equal is a tie, which the first voter wins: it might still be out.</summary>
    /// <param name="pendingWeight">Their weight.</param>
    public bool LeaderIsSettled(double pendingWeight) => Leader > Second + pendingWeight + Rounding;

    /// <summary>Gives the bounds of the leader's share.</summary>
    /// <param name="pendingWeight">The weight of the ballots that are out.</param>
    public AgreementBounds Bound(double pendingWeight) => AgreementBounds.OfShare(Leader, Total, pendingWeight);
}
