namespace Ensemble;

/// <summary>Averages of weighted numbers that are sorted by value.</summary>
internal static class NumberAverages
{
    // A sum of huge numbers is beyond a double although their mean is not: then each is weighted before it is added.
    public static double Mean(IReadOnlyList<(double Value, double Weight)> numbers)
    {
        double all = numbers.Sum(n => n.Weight);
        double mean = numbers.Sum(n => n.Value * n.Weight) / all;
        return double.IsFinite(mean) ? mean : Within(numbers, numbers.Sum(n => n.Value * (n.Weight / all)));
    }

    /// <summary>Returns the value with half of the weight on each side; the middle of two when it falls between them.</summary>
    public static double Median(IReadOnlyList<(double Value, double Weight)> numbers)
    {
        double half = numbers.Sum(n => n.Weight) / 2;
        double below = 0;
        for (int i = 0; i < numbers.Count; i++)
        {
            below += numbers[i].Weight;
            if (Math.Abs(below - half) < 1e-9 && i + 1 < numbers.Count)
            {
                double sum = numbers[i].Value + numbers[i + 1].Value;
                return double.IsFinite(sum) ? sum / 2 : (numbers[i].Value / 2) + (numbers[i + 1].Value / 2);
            }

            if (below > half)
            {
                return numbers[i].Value;
            }
        }

        return numbers[^1].Value;
    }

    /// <summary>Returns the same of exact numbers: a double holds no two long numbers that differ in their last digit.</summary>
    public static ExactNumber Median(IReadOnlyList<(ExactNumber Value, double Weight)> numbers)
    {
        double half = numbers.Sum(n => n.Weight) / 2;
        double below = 0;
        for (int i = 0; i < numbers.Count; i++)
        {
            below += numbers[i].Weight;
            if (Math.Abs(below - half) < 1e-9 && i + 1 < numbers.Count)
            {
                return (numbers[i].Value + numbers[i + 1].Value) * ExactNumber.Of(1, 2);
            }

            if (below > half)
            {
                return numbers[i].Value;
            }
        }

        return numbers[^1].Value;
    }

    /// <summary>Orders exact numbers.</summary>
    public static int Compare(ExactNumber left, ExactNumber right) => left < right ? -1 : right < left ? 1 : 0;

    /// <summary>Returns the mean of what is left when the share of the weight is cut at each end.</summary>
    public static double TrimmedMean(IReadOnlyList<(double Value, double Weight)> numbers, double share)
    {
        double all = numbers.Sum(n => n.Weight);
        (double from, double to) = (share * all, (1 - share) * all);
        double sum = 0;
        double scaled = 0;
        double below = 0;
        foreach ((double value, double weight) in numbers)
        {
            double kept = Math.Max(0, Math.Min(below + weight, to) - Math.Max(below, from));
            sum += value * kept;
            scaled += value * (kept / (to - from));
            below += weight;
        }

        return double.IsFinite(sum) ? sum / (to - from) : Within(numbers, scaled);
    }

    public static double Deviation(IReadOnlyList<(double Value, double Weight)> numbers)
    {
        double mean = Mean(numbers);
        double all = numbers.Sum(n => n.Weight);
        double deviation = Math.Sqrt(numbers.Sum(n => n.Weight * (n.Value - mean) * (n.Value - mean)) / all);
        if (double.IsFinite(deviation))
        {
            return deviation;
        }

        // Squares of huge differences are beyond a double: in shares of the largest number they are at most 4.
        double unit = numbers.Max(n => Math.Abs(n.Value));
        double share = Math.Sqrt(numbers.Sum(n => n.Weight / all * Math.Pow((n.Value / unit) - (mean / unit), 2)));
        return Math.Min(double.MaxValue, share * unit);
    }

    // Rounding does not lead beyond the numbers themselves.
    private static double Within(IReadOnlyList<(double Value, double Weight)> numbers, double mean) => Math.Clamp(mean, numbers.Min(n => n.Value), numbers.Max(n => n.Value));
}
