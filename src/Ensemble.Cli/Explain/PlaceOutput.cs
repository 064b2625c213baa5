using System.Globalization;

namespace Ensemble.Cli;

/// <summary>Where sensitive data stands in a question.</summary>
internal sealed record PlaceOutput
{
    /// <summary>Gets the kind.</summary>
    public SensitiveData Kind { get; init; }

    /// <summary>Gets the part of the request.</summary>
    public required string Where { get; init; }

    /// <summary>Gets the index of the first character; nothing when it shows only once the text is decoded.</summary>
    public int? Start { get; init; }

    /// <summary>Gets the number of characters.</summary>
    public int? Length { get; init; }

    /// <summary>Writes a place down.</summary>
    public static PlaceOutput Create(SensitivePlace place) => new() { Kind = place.Kind, Where = place.Where, Start = place.Start, Length = place.Length };

    /// <summary>Returns the place in words, characters counted from 1.</summary>
    public override string ToString() => Start is { } start && Length is { } length
        ? string.Create(CultureInfo.InvariantCulture, $"{Where}, characters {start + 1} to {start + length}")
        : $"{Where}, once it is decoded";
}
