namespace Ensemble;

/// <summary>One member of a composition as data: a model, and what makes this voter differ from others of the same model.</summary>
public sealed class MemberOptions
{
    /// <summary>Gets the name of the model or composition that is asked.</summary>
    public required string Model { get; init; }

    /// <summary>Gets the name of the member in receipts and votes.</summary>
    /// <value>The default value is <see langword="null"/>: the model's name, numbered when there are several.</value>
    public string? Name { get; init; }

    /// <summary>Gets how many members of this description there are. Each gets its own seed, counted up from <see cref="Seed"/> or the request's seed.</summary>
    /// <value>The default value is 1.</value>
    public int Count { get; init; } = 1;

    /// <summary>Gets the member's own system prompt; it stands before the caller's.</summary>
    public string? System { get; init; }

    /// <summary>Gets the member's own worked examples; they stand before the conversation, so that a model can keep them between questions.</summary>
    /// <value>The default value is empty.</value>
    public IReadOnlyList<ChatExample> Examples { get; init; } = [];

    /// <summary>Gets the member's own seed; <see langword="null"/> leaves the caller's.</summary>
    public long? Seed { get; init; }

    /// <summary>Gets the member's own temperature, from 0 to 2; <see langword="null"/> leaves the caller's. A member at 0 is greedy.</summary>
    public float? Temperature { get; init; }

    /// <summary>Gets the member's own nucleus, from 0 to 1; <see langword="null"/> leaves the caller's.</summary>
    public float? TopP { get; init; }

    /// <summary>Gets how many of the most probable tokens the member may choose from; <see langword="null"/> leaves the caller's.</summary>
    public int? TopK { get; init; }

    /// <summary>Gets the member's own limit of output tokens, of which and the caller's the smaller counts; <see langword="null"/> leaves the caller's.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>Gets whether the description changes anything about the request.</summary>
    internal bool Varies => Count > 1 || System is not null || Examples.Count > 0 || Seed is not null || Temperature is not null
        || TopP is not null || TopK is not null || MaxOutputTokens is not null;
}
