namespace Ensemble.Cli;

/// <summary>One file of a model.</summary>
internal sealed record FileFacts
{
    /// <summary>Gets the file's name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets its length in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>Gets its SHA-256 in hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Gets whether the hash is the one that the folder's <c>SHA256SUMS</c> states; <see langword="null"/> when it states none.</summary>
    public bool? Matches { get; init; }
}
