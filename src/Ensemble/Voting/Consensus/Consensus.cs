using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ensemble;

/// <summary>Votes over typed answers field by field. A ballot is a JSON text that fits the schema; anything else is no ballot.</summary>
internal sealed class Consensus(JsonElement schema, IReadOnlyDictionary<string, FieldRule>? rules, double tolerance) : IBallotNormalizer, IVoteRule, IBoundedRule
{
    private const double Rounding = 1e-7;

    private readonly IReadOnlyDictionary<string, FieldRule> _rules = rules ?? new Dictionary<string, FieldRule>();

    public string? Read(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        try
        {
            using JsonDocument document = JsonNormalizer.Parse(answer);
            return Fits(document.RootElement) ? JsonNormalizer.Canonical(document.RootElement) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    public Vote Count(IReadOnlyList<Ballot> ballots)
    {
        FieldValue[] values = Values(ballots);
        if (values.Sum(value => value.Weight) <= 0)
        {
            return new Vote { Outcome = VoteOutcome.NoAgreement, Ballots = ballots };
        }

        (JsonElement winner, IReadOnlyList<FieldVote> fields) = Merge(values, pending: 0);
        double agreement = fields.Count == 0 ? 1 : fields.Average(field => field.Agreement);
        return new Vote
        {
            Outcome = agreement > 0.5 ? VoteOutcome.Decided : VoteOutcome.NoAgreement,
            Winner = JsonNormalizer.Canonical(winner),
            Agreement = agreement,
            Counts = Plurality.Count(ballots).Counts,
            Ballots = ballots,
            Fields = fields,
        };
    }

    // With more than half of the weight on one value it is the plurality, the median and the majority, whatever follows; a mean moves, and a medoid can, since likeness is no distance.
    public bool IsDecided(ReadOnlySpan<Ballot> arrived, double pendingWeight)
    {
        double all = pendingWeight;
        foreach (Ballot ballot in arrived)
        {
            all += ballot.Weight;
        }

        return Plurality.Lead(arrived).Leader > (all / 2) + Rounding && !_rules.Values.Any(static rule => rule is FieldRule.Mean or FieldRule.Medoid);
    }

    // Those who said exactly the winner agree in every field, whatever the others say; in lists and optional fields the others may come to agree as well.
    public AgreementBounds Bound(ReadOnlySpan<Ballot> arrived, double pendingWeight) => Plurality.Lead(arrived).Bound(pendingWeight) with { Most = 1 };

    /// <summary>Returns the votes over the fields with the share that is certain, whatever the voters that were stopped would have said.</summary>
    public IReadOnlyList<FieldVote> FieldsOf(IReadOnlyList<Ballot> ballots, double pending) => Values(ballots) is { Length: > 0 } values && values.Sum(value => value.Weight) > 0 ? Merge(values, pending).Fields : [];

    private static FieldValue[] Values(IReadOnlyList<Ballot> ballots) =>
        [.. ballots.Where(ballot => ballot.Choice is not null).Select(ballot => new FieldValue(ballot.Voter, ballot.Weight, JsonElement.Parse(ballot.Choice!)))];

    private (JsonElement Winner, IReadOnlyList<FieldVote> Fields) Merge(FieldValue[] values, double pending)
    {
        FieldMerger merger = new(schema, _rules, tolerance, pending);
        JsonNode? merged = merger.Merge(schema, values, "");
        JsonElement winner = JsonElement.Parse(merged?.ToJsonString() ?? "null");
        if (Fits(winner))
        {
            return (winner, merger.Fields);
        }

        // Fields that are right one by one can be wrong together: then one voter's whole answer is better.
        JsonElement medoid = Medoid.OfDocuments(values);
        FieldMerger alone = new(schema, _rules, tolerance, pending);
        return (medoid, alone.Judge(medoid, values));
    }

    private bool Fits(JsonElement json) => JsonSchemaCheck.Find(json, schema) is null;
}
