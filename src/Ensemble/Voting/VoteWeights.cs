namespace Ensemble;

/// <summary>Weights of voters from what is known about them.</summary>
public static class VoteWeights
{
    // Nobody is never or always right; without limits one voter would outvote all others.
    private const double Least = 0.01;

    /// <summary>Returns the weight that makes a weighted vote of independent voters most often right: <c>ln(p (k - 1) / (1 - p))</c> (S. Nitzan and J. Paroush, 1982), at least 0.</summary>
    /// <param name="accuracy">How often the voter is right, from 0 to 1; held within 0.01 to 0.99.</param>
    /// <param name="choices">How many choices there are, at least 2.</param>
    /// <returns>The weight; 0 for a voter that is no better than a guess.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range.</exception>
    public static double LogOdds(double accuracy, int choices = 2)
    {
        if (!(accuracy is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(accuracy), accuracy, "Give an accuracy from 0 to 1.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(choices, 2);
        double p = Math.Clamp(accuracy, Least, 1 - Least);
        return Math.Max(0, Math.Log(p * (choices - 1) / (1 - p)));
    }

    /// <summary>Returns the accuracy that counted answers suggest: <c>(right + 1) / (total + 2)</c> (Laplace's rule of succession), so that two right answers are not certainty.</summary>
    /// <param name="right">How many were right.</param>
    /// <param name="total">How many there were.</param>
    /// <returns>The accuracy.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="right"/> is not within 0 to <paramref name="total"/>.</exception>
    public static double LearnedAccuracy(int right, int total)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(right);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(right, total);
        return (right + 1.0) / (total + 2);
    }
}
