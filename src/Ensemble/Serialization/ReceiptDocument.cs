namespace Ensemble;

/// <summary>A receipt as JSON has it: units in names, nothing computed except the cost for readers without this library.</summary>
internal sealed record ReceiptDocument
{
    public required string Name { get; init; }

    public required string Kind { get; init; }

    public string? AnsweredBy { get; set; }

    public IReadOnlyList<AttemptDocument> Attempts { get; set; } = [];

    public VoteDocument? Vote { get; set; }

    public double DurationMs { get; set; }

    public decimal? CostUsd { get; set; }

    public bool Degraded { get; set; }

    public bool Replayed { get; set; }

    public IReadOnlyList<string> Notes { get; set; } = [];

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
