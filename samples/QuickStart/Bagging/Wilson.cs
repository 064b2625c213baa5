namespace QuickStart.Bagging;

/// <summary>The Wilson score interval of a share (Wilson 1927), which stays honest for small counts.</summary>
internal static class Wilson
{
    private const double Z95 = 1.959964;

    /// <summary>Gives the 95 % interval of a share.</summary>
    /// <param name="share">The share, from 0 to 1.</param>
    /// <param name="count">How many were counted, at least 1.</param>
    public static (double Low, double High) Interval(double share, int count)
    {
        double z2 = Z95 * Z95;
        double middle = (share + (z2 / (2 * count))) / (1 + (z2 / count));
        double half = Z95 / (1 + (z2 / count)) * Math.Sqrt((share * (1 - share) / count) + (z2 / (4.0 * count * count)));
        return (middle - half, middle + half);
    }
}
