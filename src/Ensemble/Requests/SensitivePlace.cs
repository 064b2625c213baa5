using System.Globalization;

namespace Ensemble;

/// <summary>Where a request holds sensitive data: the kind and the place, never the text itself. Immutable.</summary>
public sealed class SensitivePlace
{
    internal SensitivePlace(SensitiveData kind, string where, int? start = null, int? length = null) => (Kind, Where, Start, Length) = (kind, where, start, length);

    /// <summary>Gets what was found.</summary>
    public SensitiveData Kind { get; }

    /// <summary>Gets the part of the request in words: <c>message 2</c>, counted from 1, <c>message 3, result of a tool</c>, <c>the instructions</c>.</summary>
    public string Where { get; }

    /// <summary>Gets the index of the first character in that text; <see langword="null"/> when it shows only once the text is decoded or joined, or stands in a value of several.</summary>
    public int? Start { get; }

    /// <summary>Gets the number of characters; <see langword="null"/> when <see cref="Start"/> is.</summary>
    public int? Length { get; }

    /// <summary>Returns the place in words, characters counted from 1.</summary>
    public override string ToString() => Start is { } start && Length is { } length
        ? string.Create(CultureInfo.InvariantCulture, $"{Kind} in {Where}, characters {start + 1} to {start + length}")
        : $"{Kind} in {Where}";
}
