namespace Ensemble;

/// <summary>A vote as JSON has it; the counts are a list because their order matters.</summary>
internal sealed record VoteDocument
{
    public VoteOutcome Outcome { get; set; }

    public string? Winner { get; set; }

    public double Agreement { get; set; }

    /// <summary>Gets or sets the possible agreement; missing when it is the agreement.</summary>
    public double? PossibleAgreement { get; set; }

    public IReadOnlyList<CountDocument> Counts { get; set; } = [];

    public IReadOnlyList<BallotDocument> Ballots { get; set; } = [];

    public double? Spread { get; set; }

    public string? TieBrokenBy { get; set; }

    public IReadOnlyList<FieldDocument>? Fields { get; set; }

    public static VoteDocument From(Vote vote) => new()
    {
        Outcome = vote.Outcome,
        Winner = vote.Winner,
        Agreement = vote.Agreement,
        PossibleAgreement = vote.PossibleAgreement.Equals(vote.Agreement) ? null : vote.PossibleAgreement,
        Counts = [.. vote.Counts.Select(count => new CountDocument(count.Key, count.Value))],
        Ballots = [.. vote.Ballots.Select(ballot => new BallotDocument(ballot.Voter, ballot.Choice, ballot.Text, ballot.Failure, ballot.Weight)
        {
            Probabilities = ballot.Probabilities?.Select(p => new CountDocument(p.Key, p.Value)).ToArray(),
        })],
        Spread = vote.Spread,
        TieBrokenBy = vote.TieBrokenBy,
        Fields = vote.Fields.Count == 0 ? null : [.. vote.Fields.Select(FieldDocument.From)],
    };

    public Vote ToVote() => new()
    {
        Outcome = Outcome,
        Winner = Winner,
        Agreement = Agreement,
        PossibleAgreement = PossibleAgreement ?? Agreement,
        Counts = [.. Counts.Select(count => KeyValuePair.Create(count.Choice, count.Weight))],
        Ballots = [.. Ballots.Select(ballot => new Ballot
        {
            Voter = ballot.Voter,
            Choice = ballot.Choice,
            Text = ballot.Text,
            Failure = ballot.Failure,
            Weight = ballot.Weight,
            Probabilities = ballot.Probabilities?.Select(p => KeyValuePair.Create(p.Choice, p.Weight)).ToArray(),
        })],
        Spread = Spread,
        TieBrokenBy = TieBrokenBy,
        Fields = [.. (Fields ?? []).Select(field => field.ToField())],
    };

    internal sealed record CountDocument(string Choice, double Weight);

    internal sealed record BallotDocument(string Voter, string? Choice, string? Text, FailureClass? Failure, double Weight)
    {
        public IReadOnlyList<CountDocument>? Probabilities { get; set; }
    }

    internal sealed record FieldDocument(string Path, string? Value, double Agreement, IReadOnlyList<DissentDocument> Dissent)
    {
        public static FieldDocument From(FieldVote field) =>
            new(field.Path, field.Value, field.Agreement, [.. field.Dissent.Select(dissent => new DissentDocument(dissent.Key, dissent.Value))]);

        public FieldVote ToField() =>
            new() { Path = Path, Value = Value, Agreement = Agreement, Dissent = [.. Dissent.Select(dissent => KeyValuePair.Create(dissent.Voter, dissent.Value))] };
    }

    internal sealed record DissentDocument(string Voter, string Value);
}
