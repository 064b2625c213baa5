using System.Numerics.Tensors;

namespace Ensemble;

/// <summary>
/// The arithmetic of a bagged classifier, without a model. A row holds one log-probability a label. Out-of-bag centring follows
/// Breiman's out-of-bag estimate: each voter is calibrated on the examples that it was not shown.
/// </summary>
internal static class BaggingMath
{
    /// <summary>Scales a row so that the probabilities of the labels sum to 1: <c>x - log(sum(exp(x)))</c>.</summary>
    public static double[] Normalize(ReadOnlySpan<double> row)
    {
        double largest = TensorPrimitives.Max(row);
        double sum = 0;
        foreach (double value in row)
        {
            sum += Math.Exp(value - largest);
        }

        double[] normalized = new double[row.Length];
        TensorPrimitives.Subtract(row, largest + Math.Log(sum), normalized);
        return normalized;
    }

    /// <summary>Returns what a voter says on average, each label counting the same however many rows it has.</summary>
    /// <param name="rows">Normalised rows of examples that the voter was not shown.</param>
    /// <param name="labels">The right label of each row; every label occurs.</param>
    /// <param name="labelCount">How many labels there are.</param>
    public static double[] Center(IReadOnlyList<double[]> rows, IReadOnlyList<int> labels, int labelCount)
    {
        double[] center = new double[labelCount];
        for (int label = 0; label < labelCount; label++)
        {
            int wanted = label;
            double[] mean = Mean([.. rows.Where((_, i) => labels[i] == wanted)]);
            TensorPrimitives.MultiplyAdd(mean, 1.0 / labelCount, center, center);
        }

        return center;
    }

    /// <summary>Takes a voter's habit off a row and normalises again.</summary>
    public static double[] Calibrate(ReadOnlySpan<double> row, ReadOnlySpan<double> center)
    {
        double[] shifted = new double[row.Length];
        TensorPrimitives.Subtract(row, center, shifted);
        return Normalize(shifted);
    }

    /// <summary>Returns the mean of rows.</summary>
    public static double[] Mean(IReadOnlyList<double[]> rows)
    {
        double[] mean = new double[rows[0].Length];
        foreach (double[] row in rows)
        {
            TensorPrimitives.Add(mean, row, mean);
        }

        TensorPrimitives.Divide(mean, rows.Count, mean);
        return mean;
    }

    /// <summary>Multiplies a row by a temperature and normalises it.</summary>
    public static double[] Scale(ReadOnlySpan<double> row, double temperature)
    {
        double[] scaled = new double[row.Length];
        TensorPrimitives.Multiply(row, temperature, scaled);
        return Normalize(scaled);
    }

    /// <summary>Returns the place of the largest value; the first of equals.</summary>
    public static int Best(ReadOnlySpan<double> row) => TensorPrimitives.IndexOfMax(row);

    /// <summary>Returns by how much the largest value leads the second.</summary>
    public static double Lead(ReadOnlySpan<double> row)
    {
        double first = double.NegativeInfinity;
        double second = double.NegativeInfinity;
        foreach (double value in row)
        {
            (first, second) = value > first ? (value, first) : (first, Math.Max(second, value));
        }

        return first - second;
    }
}
