namespace Ensemble;

/// <summary>A receipt as JSON has it: units in names, nothing computed except the cost for readers without this library.</summary>
internal sealed record ReceiptDocument
{
    public required string Name { get; init; }

    public required string Kind { get; init; }

    public string? AnsweredBy { get; init; }

    public IReadOnlyList<AttemptDocument> Attempts { get; init; } = [];

    public VoteDocument? Vote { get; init; }

    public double DurationMs { get; init; }

    public decimal? CostUsd { get; init; }

    public bool Degraded { get; init; }

    public bool Replayed { get; init; }

    public IReadOnlyList<string> Notes { get; init; } = [];

    public static ReceiptDocument From(Receipt receipt) => new()
    {
        Name = receipt.Name,
        Kind = receipt.Kind,
        AnsweredBy = receipt.AnsweredBy,
        Attempts = [.. receipt.Attempts.Select(AttemptDocument.From)],
        Vote = receipt.Vote is { } vote ? VoteDocument.From(vote) : null,
        DurationMs = receipt.Duration.TotalMilliseconds,
        CostUsd = receipt.CostUsd,
        Degraded = receipt.Degraded,
        Replayed = receipt.Replayed,
        Notes = receipt.Notes,
    };

    public Receipt ToReceipt(bool replayed) => new()
    {
        Name = Name,
        Kind = Kind,
        AnsweredBy = AnsweredBy,
        Attempts = [.. Attempts.Select(attempt => attempt.ToAttempt(replayed))],
        Vote = Vote?.ToVote(),
        Duration = TimeSpan.FromMilliseconds(DurationMs),
        Degraded = Degraded,
        Replayed = Replayed || replayed,
        Notes = Notes,
    };
}
