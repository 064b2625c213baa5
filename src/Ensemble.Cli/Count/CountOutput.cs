namespace Ensemble.Cli;

/// <summary>What <c>count</c> found.</summary>
internal sealed record CountOutput
{
    /// <summary>Gets the encoding.</summary>
    public required string Encoding { get; init; }

    /// <summary>Gets the size of each file.</summary>
    public required IReadOnlyList<TextCount> Files { get; init; }

    /// <summary>Gets the size of all files together.</summary>
    public required TextCount Total { get; init; }

    /// <summary>Gets the token ids of all files, one after the other, if they were asked for.</summary>
    public IReadOnlyList<int>? Ids { get; init; }

    /// <summary>Gets the limit, if there is one.</summary>
    public long? Limit { get; init; }

    /// <summary>Gets whether the total is within the limit, if there is one.</summary>
    public bool? Fits { get; init; }

    /// <summary>Gets the time that reading and counting took, if it was asked for.</summary>
    public double? Seconds { get; init; }
}
