namespace Ensemble;

/// <summary>A number in a text with its sign, fraction, power, scale and unit.</summary>
internal sealed class NumberPhrase
{
    /// <summary>Gets the first token, its sign and currency included.</summary>
    public required int Start { get; init; }

    /// <summary>Gets the token behind the number, before its unit.</summary>
    public required int NumberEnd { get; init; }

    /// <summary>Gets the token behind the unit.</summary>
    public required int End { get; init; }

    /// <summary>Gets the number; <see langword="null"/> when it is written in a way that has no certain reading.</summary>
    public ExactNumber? Number { get; init; }

    public Unit Unit { get; init; } = Unit.None;

    /// <summary>Gets whether the unit, if there is one, is of the table.</summary>
    public bool HasKnownUnit { get; init; }

    /// <summary>Gets the number in base units, summed when it is written in several units: 1 h 30 min.</summary>
    public ExactNumber? Total { get; init; }

    /// <summary>Gets whether it is written in several units, so that it is no plain number.</summary>
    public bool IsCompound { get; init; }

    /// <summary>Gets whether it begins with a Korean denominator: 2분의 1.</summary>
    public bool IsKoreanFraction { get; init; }

    /// <summary>Gets whether it is written in words.</summary>
    public bool IsSpelled { get; init; }

    public bool HasDecimalComma { get; init; }
}
