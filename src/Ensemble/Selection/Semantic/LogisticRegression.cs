using System.Numerics.Tensors;

namespace Ensemble;

/// <summary>
/// Multinomial logistic regression with an L2 penalty: minimises C * sum of -log softmax(Wx + b)[label] + |W|^2 / 2, the intercepts b
/// unpenalised, by L-BFGS (Nocedal and Wright, Numerical Optimization, 2nd ed., algorithm 7.4). No randomness: the same rows give the
/// same bits on the same processor.
/// </summary>
internal sealed class LogisticRegression
{
    private const double DefaultC = 10;

    private readonly double[] _parameters;

    private readonly int _dimensions;

    private LogisticRegression(double[] parameters, int dimensions, int classes)
    {
        _parameters = parameters;
        _dimensions = dimensions;
        Classes = classes;
    }

    internal int Classes { get; }

    /// <summary>Fits the rows; labels are 0 to <paramref name="classes"/> - 1.</summary>
    internal static LogisticRegression Fit(double[][] rows, ReadOnlySpan<int> labels, int classes, double c = DefaultC)
    {
        ArgumentOutOfRangeException.ThrowIfZero(rows.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(labels.Length, rows.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        int dimensions = rows[0].Length;
        LogisticObjective objective = new(rows, labels.ToArray(), classes, c);
        return new LogisticRegression(Lbfgs.Minimise(objective.Evaluate, classes * (dimensions + 1)), dimensions, classes);
    }

    /// <summary>Writes the natural logarithm of each class's probability.</summary>
    internal void LogProbabilities(ReadOnlySpan<double> row, Span<double> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(row.Length, _dimensions);
        Logits(_parameters, row, destination[..Classes]);
        LogSoftmax(destination[..Classes]);
    }

    /// <summary>One class after another: its weights, then its intercept.</summary>
    internal static void Logits(ReadOnlySpan<double> parameters, ReadOnlySpan<double> row, Span<double> destination)
    {
        int stride = row.Length + 1;
        for (int k = 0; k < destination.Length; k++)
        {
            ReadOnlySpan<double> weights = parameters.Slice(k * stride, stride);
            destination[k] = TensorPrimitives.Dot(weights[..^1], row) + weights[^1];
        }
    }

    internal static void LogSoftmax(Span<double> values)
    {
        double max = TensorPrimitives.Max<double>(values);
        double sum = 0;
        foreach (double value in values)
        {
            sum += Math.Exp(value - max);
        }

        TensorPrimitives.Subtract(values, max + Math.Log(sum), values);
    }
}
