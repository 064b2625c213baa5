namespace Ensemble;

/// <summary>Finds sensitive data of an application's own kinds; called on any thread, once for each text of a request.</summary>
/// <param name="text">The text.</param>
/// <returns><see cref="SensitiveData.Custom"/> or one of the other kinds; <see cref="SensitiveData.None"/> when there is none.</returns>
public delegate SensitiveData SensitiveTextDetector(ReadOnlySpan<char> text);
