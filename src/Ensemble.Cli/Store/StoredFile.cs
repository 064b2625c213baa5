namespace Ensemble.Cli;

/// <summary>One file of a stored model.</summary>
/// <param name="Name">Its path in the folder, with slashes.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its SHA-256 in hexadecimal.</param>
internal sealed record StoredFile(string Name, long Bytes, string Sha256);
