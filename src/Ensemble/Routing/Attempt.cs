using System.Globalization;

namespace Ensemble;

/// <summary>One member that was asked, or deliberately not asked, for one request.</summary>
public sealed class Attempt
{
    /// <summary>Gets the member's name.</summary>
    public required string Member { get; init; }

    /// <summary>Gets how the attempt ended.</summary>
    public required AttemptOutcome Outcome { get; init; }

    /// <summary>Gets what went wrong; <see langword="null"/> unless the outcome is <see cref="AttemptOutcome.Failed"/>.</summary>
    public FailureClass? Failure { get; init; }

    /// <summary>Gets a short reason without prompt text or secrets: the error's message, or why the member was not asked.</summary>
    public string? Note
    {
        get => BudgetLeftNanoUsd is not { } left ? field
            : string.Create(CultureInfo.InvariantCulture, $"{field}{(field is null ? "" : "; ")}budget left ${NanoUsd.ToUsd(left):0.######}");
        init;
    }

    /// <summary>Gets what the tightest budget could still pay after the attempt; the note ends with it when somebody reads that.</summary>
    internal long? BudgetLeftNanoUsd { get; init; }

    /// <summary>Gets how long the attempt took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Gets the time from the start of the attempt to its first content; <see langword="null"/> when there was none or the answer was not streamed.</summary>
    public TimeSpan? TimeToFirstContent { get; init; }

    /// <summary>Gets the tokens of the prompt; <see langword="null"/> when unknown.</summary>
    public long? InputTokens { get; init; }

    /// <summary>Gets the tokens of the prompt that a kept prefix saved from being read again; <see langword="null"/> when unknown.</summary>
    public long? CachedInputTokens { get; init; }

    /// <summary>Gets the tokens of the answer; <see langword="null"/> when unknown.</summary>
    public long? OutputTokens { get; init; }

    /// <summary>Gets where the token counts come from.</summary>
    public UsageSource UsageSource { get; init; }

    /// <summary>Gets the price of the attempt in US dollars; <see langword="null"/> when the member's price is unknown, never 0 for that reason.</summary>
    public decimal? CostUsd { get; init; }

    /// <summary>Gets the member's own receipt when the member is a composition.</summary>
    public Receipt? Receipt { get; init; }

    /// <summary>Returns the attempt with something more to be said of it.</summary>
    internal Attempt Noted(string note) => new()
    {
        Member = Member,
        Outcome = Outcome,
        Failure = Failure,
        Note = Note is null ? note : $"{Note}; {note}",
        Duration = Duration,
        TimeToFirstContent = TimeToFirstContent,
        InputTokens = InputTokens,
        CachedInputTokens = CachedInputTokens,
        OutputTokens = OutputTokens,
        UsageSource = UsageSource,
        CostUsd = CostUsd,
        Receipt = Receipt,
    };

    /// <summary>Returns the attempt with what it cost, which was settled after it had failed.</summary>
    internal Attempt Billed(ModelPayment? payment, Receipt? inner) => new()
    {
        Member = Member,
        Outcome = Outcome,
        Failure = Failure,
        Note = Note,
        BudgetLeftNanoUsd = BudgetLeftNanoUsd is null ? payment?.LeftNanoUsd : null,
        Duration = Duration,
        TimeToFirstContent = TimeToFirstContent,
        InputTokens = payment?.Corrected?.InputTokenCount ?? InputTokens ?? inner?.InputTokens,
        CachedInputTokens = CachedInputTokens ?? inner?.CachedInputTokens,
        OutputTokens = payment?.Corrected?.OutputTokenCount ?? OutputTokens ?? inner?.OutputTokens,
        UsageSource = UsageSource is UsageSource.Unknown || payment?.Corrected is not null ? payment?.Source ?? (inner?.Attempts is [.., { } last] ? last.UsageSource : UsageSource) : UsageSource,
        CostUsd = payment?.CostUsd ?? inner?.CostUsd,
        Receipt = Receipt,
    };

    /// <summary>Returns the attempt with what several calls within it took.</summary>
    internal Attempt With(decimal? costUsd, long? inputTokens, long? cachedInputTokens, long? outputTokens) => new()
    {
        Member = Member,
        Outcome = Outcome,
        Failure = Failure,
        Note = Note,
        Duration = Duration,
        TimeToFirstContent = TimeToFirstContent,
        InputTokens = inputTokens ?? InputTokens,
        CachedInputTokens = cachedInputTokens ?? CachedInputTokens,
        OutputTokens = outputTokens ?? OutputTokens,
        UsageSource = UsageSource,
        CostUsd = costUsd,
        Receipt = Receipt,
    };
}
