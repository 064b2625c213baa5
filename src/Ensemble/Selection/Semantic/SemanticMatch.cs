using System.Globalization;

namespace Ensemble;

/// <summary>Which route a text fits, if any.</summary>
public readonly struct SemanticMatch
{
    internal SemanticMatch(string best, double score, double threshold)
    {
        Best = best;
        Score = score;
        Threshold = threshold;
    }

    /// <summary>Gets the route, or <see langword="null"/> for "none of these".</summary>
    public string? Route => IsMatch ? Best : null;

    /// <summary>Gets whether the best route's score reaches the threshold.</summary>
    public bool IsMatch => Score >= Threshold;

    /// <summary>Gets the route with the highest score, whether it is accepted or not.</summary>
    public string Best { get; }

    /// <summary>Gets its score, in the unit of the index's scoring.</summary>
    public double Score { get; }

    /// <summary>Gets the lowest score that is accepted.</summary>
    public double Threshold { get; }

    /// <inheritdoc/>
    public override string ToString() => IsMatch
        ? string.Create(CultureInfo.InvariantCulture, $"{Best} ({Score:0.000}, at least {Threshold:0.000} needed)")
        : string.Create(CultureInfo.InvariantCulture, $"none of these (nearest {Best} {Score:0.000}, at least {Threshold:0.000} needed)");
}
