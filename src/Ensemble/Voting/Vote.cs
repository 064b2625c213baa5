namespace Ensemble;

/// <summary>The result of a panel's vote.</summary>
public sealed class Vote
{
    /// <summary>Gets how the vote ended.</summary>
    public required VoteOutcome Outcome { get; init; }

    /// <summary>Gets the winning choice; on a tie the leading choice that was returned; <see langword="null"/> when no ballot could be read.</summary>
    public string? Winner { get; init; }

    /// <summary>Gets the winner's share of the weight of all readable ballots, from 0 to 1; 0 when there is none.</summary>
    public double Agreement { get; init; }

    /// <summary>Gets the weight that each choice received, largest first; equal weights stand in the order of their first ballot.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Counts { get; init; } = [];

    /// <summary>Gets every ballot in the order of the voters, failed and unreadable ones included.</summary>
    public IReadOnlyList<Ballot> Ballots { get; init; } = [];
}
