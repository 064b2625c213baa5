namespace Ensemble;

/// <summary>The result of a panel's vote.</summary>
public sealed class Vote
{
    private readonly double? _possibleAgreement;

    /// <summary>Gets how the vote ended.</summary>
    public required VoteOutcome Outcome { get; init; }

    /// <summary>Gets the winning choice; on a tie the leading choice that was returned; <see langword="null"/> when no ballot could be read.</summary>
    public string? Winner { get; init; }

    /// <summary>
    /// Gets the winner's share of the weight of all readable ballots, from 0 to 1; 0 when there is none. When voters were stopped because they could
    /// not change the result, it is the share that is certain, whatever they would have said; <see cref="PossibleAgreement"/> is then larger.
    /// </summary>
    public double Agreement { get; init; }

    /// <summary>Gets the largest share that the winner could have had if the voters that were stopped had been heard, from 0 to 1.</summary>
    /// <value>The default value is <see cref="Agreement"/>: everyone was heard, or the rule is an application's own and knows no bounds.</value>
    public double PossibleAgreement
    {
        get => _possibleAgreement ?? Agreement;
        init => _possibleAgreement = value;
    }

    /// <summary>Gets the weight that each choice received, largest first; equal weights stand in the order of their first ballot.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Counts { get; init; } = [];

    /// <summary>Gets every ballot in the order of the voters, failed and unreadable ones included.</summary>
    public IReadOnlyList<Ballot> Ballots { get; init; } = [];

    /// <summary>Gets the standard deviation of the numbers that were voted over, of quantities in base units; <see langword="null"/> when the vote was not over numbers.</summary>
    public double? Spread { get; init; }

    /// <summary>Gets the judge that picked the winner among equals; <see langword="null"/> when there was no tie, no judge, or it gave no readable answer.</summary>
    public string? TieBrokenBy { get; init; }

    /// <summary>Gets the votes over the fields of a typed answer; empty when the answer was not typed.</summary>
    public IReadOnlyList<FieldVote> Fields { get; init; } = [];

    /// <summary>Gets whether the counts are probabilities and not shares of votes.</summary>
    internal bool IsOverProbabilities { get; init; }

    internal Vote With(VoteOutcome outcome) =>
        new() { Outcome = outcome, Winner = Winner, Agreement = Agreement, PossibleAgreement = PossibleAgreement, Counts = Counts, Ballots = Ballots, Spread = Spread, IsOverProbabilities = IsOverProbabilities, Fields = Fields };

    internal Vote With(AgreementBounds bounds, IReadOnlyList<FieldVote>? fields = null) =>
        new() { Outcome = Outcome, Winner = Winner, Agreement = bounds.Least, PossibleAgreement = bounds.Most, Counts = Counts, Ballots = Ballots, Spread = Spread, IsOverProbabilities = IsOverProbabilities, Fields = fields ?? Fields };

    internal Vote WithTieBroken(string winner, string judge)
    {
        // The winner stands first, as everywhere.
        KeyValuePair<string, double>[] counts = [.. Counts.OrderByDescending(count => count.Value).ThenByDescending(count => count.Key == winner)];
        return new() { Outcome = Outcome, Winner = winner, Agreement = Agreement, PossibleAgreement = PossibleAgreement, Counts = counts, Ballots = Ballots, Spread = Spread, IsOverProbabilities = IsOverProbabilities, Fields = Fields, TieBrokenBy = judge };
    }
}
