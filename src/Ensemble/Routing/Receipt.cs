namespace Ensemble;

/// <summary>
/// What happened to one request: who was asked, who answered, how the vote went, what it took and what it cost. A receipt is
/// immutable; nested compositions make a tree through <see cref="Attempt.Receipt"/>.
/// </summary>
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
}
