namespace Ensemble;

/// <summary>A vote as JSON has it; the counts are a list because their order matters.</summary>
internal sealed record VoteDocument
{
    public VoteOutcome Outcome { get; set; }

    public string? Winner { get; set; }

    public double Agreement { get; set; }

    public IReadOnlyList<CountDocument> Counts { get; set; } = [];

    public IReadOnlyList<BallotDocument> Ballots { get; set; } = [];

    public static VoteDocument From(Vote vote) => new()
    {
        Outcome = vote.Outcome,
        Winner = vote.Winner,
        Agreement = vote.Agreement,
        Counts = [.. vote.Counts.Select(count => new CountDocument(count.Key, count.Value))],
        Ballots = [.. vote.Ballots.Select(ballot => new BallotDocument(ballot.Voter, ballot.Choice, ballot.Text, ballot.Failure, ballot.Weight))],
    };

    public Vote ToVote() => new()
    {
        Outcome = Outcome,
        Winner = Winner,
        Agreement = Agreement,
        Counts = [.. Counts.Select(count => KeyValuePair.Create(count.Choice, count.Weight))],
        Ballots = [.. Ballots.Select(ballot => new Ballot { Voter = ballot.Voter, Choice = ballot.Choice, Text = ballot.Text, Failure = ballot.Failure, Weight = ballot.Weight })],
    };

    internal sealed record CountDocument(string Choice, double Weight);

    internal sealed record BallotDocument(string Voter, string? Choice, string? Text, FailureClass? Failure, double Weight);
}
