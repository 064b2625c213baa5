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

    /// <summary>Gets the number of bytes of the text in UTF-8; what is invalid counts as U+FFFD.</summary>
    public long Bytes { get; init; }

    /// <summary>Gets the tokens of each line, if lines are counted.</summary>
    public IReadOnlyList<long>? Lines { get; init; }
}
