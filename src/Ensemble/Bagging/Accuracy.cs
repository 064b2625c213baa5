using System.Globalization;

namespace Ensemble;

/// <summary>How often something is right, with its 95 % interval.</summary>
public sealed class Accuracy
{
    // The 97.5 % quantile of the normal distribution.
    private const double Z = 1.959963984540054;

    private const int Draws = 2000;

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
        double scale = 1 + (Z * Z / total);
        double middle = (share + (Z * Z / (2 * total))) / scale;
        double half = Z / scale * Math.Sqrt((share * (1 - share) / total) + (Z * Z / (4.0 * total * total)));
        return new(share, Math.Max(0, middle - half), Math.Min(1, middle + half), total);
    }

    /// <summary>Gets the mean of scores between 0 and 1, with the percentile bootstrap's interval over 2,000 draws of the items (B. Efron, 1979).</summary>
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
        return new(scores.Average(), means[(int)(Draws * 0.025)], means[(int)(Draws * 0.975) - 1], scores.Count);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{100 * Value:0.0} % ({100 * Low:0}..{100 * High:0})");
}
