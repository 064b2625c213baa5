namespace Ensemble;

/// <summary>A place in a text where sensitive data stands.</summary>
public readonly struct SensitiveMatch : IEquatable<SensitiveMatch>
{
    /// <summary>Creates a match.</summary>
    /// <param name="kind">What was found.</param>
    /// <param name="start">The index of its first character.</param>
    /// <param name="length">The number of its characters.</param>
    public SensitiveMatch(SensitiveData kind, int start, int length)
    {
        Kind = kind;
        Start = start;
        Length = length;
    }

    /// <summary>Gets what was found.</summary>
    public SensitiveData Kind { get; }

    /// <summary>Gets the index of the first character.</summary>
    public int Start { get; }

    /// <summary>Gets the number of characters.</summary>
    public int Length { get; }

    /// <summary>Compares two matches.</summary>
    public static bool operator ==(SensitiveMatch left, SensitiveMatch right) => left.Equals(right);

    /// <summary>Compares two matches.</summary>
    public static bool operator !=(SensitiveMatch left, SensitiveMatch right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(SensitiveMatch other) => Kind == other.Kind && Start == other.Start && Length == other.Length;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SensitiveMatch other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Start, Length);

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} at {Start}, {Length} characters";
}
