namespace Ensemble;

/// <summary>An attempt as JSON has it.</summary>
internal sealed record AttemptDocument
{
    public required string Member { get; init; }

    public AttemptOutcome Outcome { get; init; }

    public FailureClass? Failure { get; init; }

    public string? Note { get; init; }

    public double DurationMs { get; init; }

    public double? TimeToFirstContentMs { get; init; }

    public long? InputTokens { get; init; }

    public long? CachedInputTokens { get; init; }

    public long? OutputTokens { get; init; }

    public UsageSource UsageSource { get; init; }

    public decimal? CostUsd { get; init; }

    public ReceiptDocument? Receipt { get; init; }

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
