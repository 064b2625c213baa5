namespace Ensemble;

/// <summary>A rule that can say between what the agreement of the full vote lies once <see cref="IVoteRule.IsDecided"/> is true.</summary>
internal interface IBoundedRule
{
    /// <summary>Gives the bounds of the agreement.</summary>
    /// <param name="arrived">The ballots that have arrived.</param>
    /// <param name="pendingWeight">The weight of all that have not.</param>
    AgreementBounds Bound(ReadOnlySpan<Ballot> arrived, double pendingWeight);
}
