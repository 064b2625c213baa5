using System.Globalization;

namespace Ensemble;

/// <summary>How often something is right, with its 95 % interval.</summary>
public sealed class Accuracy
{
    // The 97.5 % quantile of the normal distribution.
    private const double Z = 1.959963984540054;

    private const int Draws = 2000;

    // Below it the percentile bootstrap is far too narrow.
    private const int FewestDrawn = 10;

    private Accuracy(double value, double low, double high, int total)
    {
        Value = value;
        Low = low;
        High = high;
        Total = total;
    }

    /// <summary>Gets the share that is right, from 0 to 1; 0 when nothing was measured.</summary>
    public double Value { get; }

    /// <summary>Gets the lower end of the 95 % interval.</summary>
    public double Low { get; }

    /// <summary>Gets the upper end of the 95 % interval.</summary>
    public double High { get; }

    /// <summary>Gets over how many items it was measured.</summary>
    public int Total { get; }

    /// <summary>Gets the accuracy of counted answers, with Wilson's interval (E. B. Wilson, 1927), which is honest for few items.</summary>
    /// <param name="right">How many are right.</param>
    /// <param name="total">How many there are; 0 gives the interval from 0 to 1.</param>
    /// <returns>The accuracy.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="right"/> is not within 0 to <paramref name="total"/>.</exception>
    public static Accuracy OfCount(int right, int total)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(right);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(right, total);
        if (total == 0)
        {
            return new(0, 0, 1, 0);
        }

        double share = (double)right / total;
        (double low, double high) = Wilson(share, total);
        return new(share, low, high, total);
    }

    /// <summary>Gets the mean of scores between 0 and 1, with the percentile bootstrap's interval over 2,000 draws of the items (B. Efron, 1979); of fewer than 10 items, Wilson's.</summary>
    /// <param name="scores">One score an item.</param>
    /// <param name="seed">The seed of the draws: the same one gives the same interval.</param>
    /// <returns>The accuracy.</returns>
    public static Accuracy OfScores(IReadOnlyList<double> scores, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (scores.Count == 0)
        {
            return new(0, 0, 1, 0);
        }

        double value = scores.Average();
        if (scores.Count < FewestDrawn)
        {
            // Draws of one item never differ. No scores between 0 and 1 spread further than counts of right and wrong.
            (double low, double high) = Wilson(value, scores.Count);
            return new(value, low, high, scores.Count);
        }

        Random random = new(seed);
        double[] means = new double[Draws];
        for (int draw = 0; draw < Draws; draw++)
        {
            double sum = 0;
            for (int i = 0; i < scores.Count; i++)
            {
                sum += scores[random.Next(scores.Count)];
            }

            means[draw] = sum / scores.Count;
        }

        Array.Sort(means);
        return new(value, means[(int)(Draws * 0.025)], means[(int)(Draws * 0.975) - 1], scores.Count);
    }

    private static (double Low, double High) Wilson(double share, int total)
    {
        double scale = 1 + (Z * Z / total);
        double middle = (share + (Z * Z / (2 * total))) / scale;
        double half = Z / scale * Math.Sqrt((share * (1 - share) / total) + (Z * Z / (4.0 * total * total)));
        return (Math.Max(0, middle - half), Math.Min(1, middle + half));
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{100 * Value:0.0} % ({100 * Low:0}..{100 * High:0})");
}
