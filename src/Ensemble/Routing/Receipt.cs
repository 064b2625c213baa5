using System.Text.Json.Serialization;

namespace Ensemble;

/// <summary>
/// What happened to one request: who was asked, who answered, how the vote went, what it took and what it cost. A receipt is
/// immutable; nested compositions make a tree through <see cref="Attempt.Receipt"/>.
/// </summary>
[JsonConverter(typeof(ReceiptJsonConverter))]
public sealed class Receipt
{
    /// <summary>Gets the name of the composition or model that wrote the receipt.</summary>
    public required string Name { get; init; }

    /// <summary>Gets what wrote it: <c>model</c>, <c>route</c>, <c>panel</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Gets the member whose text was returned; <see langword="null"/> when nobody answered, or the answer belongs to no single member.</summary>
    public string? AnsweredBy { get; init; }

    /// <summary>Gets the members in the order they were asked.</summary>
    public IReadOnlyList<Attempt> Attempts { get; init; } = [];

    /// <summary>Gets the vote when a panel wrote the receipt.</summary>
    public Vote? Vote { get; init; }

    /// <summary>Gets how long the request took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Gets whether the answer came in a lesser way than configured: a member was out, or a ballot was missing.</summary>
    public bool Degraded { get; init; }

    /// <summary>Gets whether the answer came from a response cache: the figures are those of the original, and this time nothing was paid.</summary>
    public bool Replayed { get; init; }

    /// <summary>Gets remarks that a reader of the answer should know, for instance an option that was dropped.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Gets the price of all attempts in US dollars, 0 when replayed; <see langword="null"/> when the price of one that was paid for is unknown.</summary>
    public decimal? CostUsd => Replayed ? 0 : ReceiptSums.Cost(Attempts);

    /// <summary>Gets the tokens of all prompts; <see langword="null"/> when no attempt reported any.</summary>
    public long? InputTokens => ReceiptSums.Tokens(Attempts, static attempt => attempt.InputTokens);

    /// <summary>Gets the tokens of all prompts that kept prefixes saved from being read again; <see langword="null"/> when no attempt reported any.</summary>
    public long? CachedInputTokens => ReceiptSums.Tokens(Attempts, static attempt => attempt.CachedInputTokens);

    /// <summary>Gets the tokens of all answers; <see langword="null"/> when no attempt reported any.</summary>
    public long? OutputTokens => ReceiptSums.Tokens(Attempts, static attempt => attempt.OutputTokens);

    /// <summary>Returns one readable line: who answered, how the vote went, who failed, the time, the tokens and the cost.</summary>
    /// <returns>The line, without prompt text.</returns>
    public override string ToString() => ReceiptText.Line(this);
}
