namespace Ensemble.Cli;

/// <summary>The size of one text, or of all together.</summary>
internal sealed record TextCount
{
    /// <summary>Gets the file; <c>-</c> for standard input, nothing for the total.</summary>
    public string? File { get; init; }

    /// <summary>Gets the number of tokens.</summary>
    public long Tokens { get; init; }

    /// <summary>Gets the number of Unicode characters.</summary>
    public long Characters { get; init; }

    /// <summary>Gets the number of bytes.</summary>
    public long Bytes { get; init; }
}
