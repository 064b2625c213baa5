namespace Ensemble;

/// <summary>Turns ballots into a result. Safe for use by many threads at once; the result does not depend on the order in which ballots arrive.</summary>
public interface IVoteRule
{
    /// <summary>Counts.</summary>
    /// <param name="ballots">One ballot a voter, in the order of the voters; failed, cancelled and unreadable ones have no choice.</param>
    /// <returns>The result; a tie, and the lack of a winner, are results.</returns>
    Vote Count(IReadOnlyList<Ballot> ballots);

    /// <summary>
    /// Says whether no ballot that is still out, readable or not, can change the winner or the outcome; the panel then stops the others. Inside a
    /// cascade the panel also waits until the cascade's limit is settled; for an application's own rule, whose agreement it cannot bound, it then waits for everyone.
    /// </summary>
    /// <param name="arrived">The ballots that have arrived.</param>
    /// <param name="pendingWeight">The weight of all that have not.</param>
    /// <returns>Whether winner and outcome are settled; <see langword="false"/> is always safe.</returns>
    bool IsDecided(ReadOnlySpan<Ballot> arrived, double pendingWeight);
}
