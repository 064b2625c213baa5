namespace Ensemble.Cli;

/// <summary>One file to fetch.</summary>
/// <param name="Name">Its path in the model's folder, with slashes.</param>
/// <param name="Bytes">Its length, if the source says it.</param>
/// <param name="Sha256">Its SHA-256 in hexadecimal, if the source says it.</param>
/// <param name="GitBlob">The id that git gives its content, where the source says that instead.</param>
/// <param name="Location">The address or the path that it comes from.</param>
internal sealed record PlannedFile(string Name, long? Bytes, string? Sha256, string? GitBlob, string Location);
