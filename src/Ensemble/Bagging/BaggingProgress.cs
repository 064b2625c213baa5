namespace Ensemble;

/// <summary>How far the fit of a bagged classifier has come.</summary>
public readonly struct BaggingProgress : IEquatable<BaggingProgress>
{
    /// <summary>Creates a report.</summary>
    /// <param name="done">How many texts have been scored.</param>
    /// <param name="total">How many there are to score.</param>
    public BaggingProgress(int done, int total)
    {
        Done = done;
        Total = total;
    }

    /// <summary>Gets how many texts have been scored, over all voters.</summary>
    public int Done { get; }

    /// <summary>Gets how many texts there are to score, over all voters.</summary>
    public int Total { get; }

    /// <summary>Compares two reports.</summary>
    public static bool operator ==(BaggingProgress left, BaggingProgress right) => left.Equals(right);

    /// <summary>Compares two reports.</summary>
    public static bool operator !=(BaggingProgress left, BaggingProgress right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(BaggingProgress other) => Done == other.Done && Total == other.Total;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is BaggingProgress other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Done, Total);

    /// <inheritdoc/>
    public override string ToString() => $"{Done} of {Total}";
}
