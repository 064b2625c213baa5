namespace Ensemble;

/// <summary>An attempt as JSON has it.</summary>
internal sealed record AttemptDocument
{
    public required string Member { get; init; }

    public AttemptOutcome Outcome { get; set; }

    public FailureClass? Failure { get; set; }

    public string? Note { get; set; }

    public double DurationMs { get; set; }

    public double? TimeToFirstContentMs { get; set; }

    public long? InputTokens { get; set; }

    public long? CachedInputTokens { get; set; }

    public long? OutputTokens { get; set; }

    public UsageSource UsageSource { get; set; }

    public decimal? CostUsd { get; set; }

    public ReceiptDocument? Receipt { get; set; }

    public static AttemptDocument From(Attempt attempt) => new()
    {
        Member = attempt.Member,
        Outcome = attempt.Outcome,
        Failure = attempt.Failure,
        Note = attempt.Note,
        DurationMs = attempt.Duration.TotalMilliseconds,
        TimeToFirstContentMs = attempt.TimeToFirstContent?.TotalMilliseconds,
        InputTokens = attempt.InputTokens,
        CachedInputTokens = attempt.CachedInputTokens,
        OutputTokens = attempt.OutputTokens,
        UsageSource = attempt.UsageSource,
        CostUsd = attempt.CostUsd,
        Receipt = attempt.Receipt is { } receipt ? ReceiptDocument.From(receipt) : null,
    };

    public Attempt ToAttempt(bool replayed) => new()
    {
        Member = Member,
        Outcome = Outcome,
        Failure = Failure,
        Note = Note,
        Duration = TimeSpan.FromMilliseconds(DurationMs),
        TimeToFirstContent = TimeToFirstContentMs is { } first ? TimeSpan.FromMilliseconds(first) : null,
        InputTokens = InputTokens,
        CachedInputTokens = CachedInputTokens,
        OutputTokens = OutputTokens,
        UsageSource = UsageSource,
        CostUsd = CostUsd,
        Receipt = Receipt?.ToReceipt(replayed),
    };
}
