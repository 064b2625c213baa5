namespace Ensemble;

/// <summary>The vote over one field of a typed answer.</summary>
public sealed class FieldVote
{
    /// <summary>Gets the JSON pointer of the field (RFC 6901), for instance <c>/address/city</c>; empty for an answer that is one value.</summary>
    public required string Path { get; init; }

    /// <summary>Gets the value that won, as JSON; <see langword="null"/> when the field was left out.</summary>
    public string? Value { get; init; }

    /// <summary>Gets the share of the weight of the readable ballots that agree with the value, from 0 to 1; for an array the mean over its elements of the share that went with the decision. When voters were stopped, it is the share that is certain, whatever they would have said.</summary>
    public double Agreement { get; init; }

    /// <summary>Gets the voters that said something else, with what they said as JSON.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Dissent { get; init; } = [];
}
