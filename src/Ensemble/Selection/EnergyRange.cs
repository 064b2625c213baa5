namespace Ensemble;

/// <summary>Energy in watt-hours, between two bounds; both are NaN when nothing is known.</summary>
public readonly struct EnergyRange : IEquatable<EnergyRange>
{
    /// <summary>Creates a range.</summary>
    /// <param name="low">The lower bound in watt-hours.</param>
    /// <param name="high">The upper bound in watt-hours.</param>
    public EnergyRange(double low, double high)
    {
        Low = low;
        High = high;
    }

    /// <summary>Gets the range of which nothing is known.</summary>
    public static EnergyRange Unknown => new(double.NaN, double.NaN);

    /// <summary>Gets the lower bound in watt-hours.</summary>
    public double Low { get; }

    /// <summary>Gets the upper bound in watt-hours.</summary>
    public double High { get; }

    /// <summary>Gets whether anything is known.</summary>
    public bool IsKnown => !double.IsNaN(High);

    /// <summary>Compares two ranges.</summary>
    public static bool operator ==(EnergyRange left, EnergyRange right) => left.Equals(right);

    /// <summary>Compares two ranges.</summary>
    public static bool operator !=(EnergyRange left, EnergyRange right) => !left.Equals(right);

    /// <summary>Multiplies both bounds.</summary>
    /// <param name="factor">The factor, 0 or more.</param>
    /// <returns>The product.</returns>
    public EnergyRange Times(double factor) => new(Low * factor, High * factor);

    /// <inheritdoc/>
    public bool Equals(EnergyRange other) => Low.Equals(other.Low) && High.Equals(other.High);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is EnergyRange other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Low, High);

    /// <inheritdoc/>
    public override string ToString() => IsKnown ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Low:0.####}–{High:0.####} Wh") : "unknown";
}
