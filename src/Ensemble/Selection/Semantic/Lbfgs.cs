using System.Numerics.Tensors;

namespace Ensemble;

/// <summary>
/// Limited-memory BFGS with a backtracking line search, for smooth convex functions: Nocedal and Wright, Numerical Optimization,
/// 2nd ed., algorithms 3.1, 7.4 and 7.5.
/// </summary>
internal static class Lbfgs
{
    // Pairs of steps and gradient differences that are kept; the book recommends 3 to 20.
    private const int Memory = 10;

    private const int MaxIterations = 500;

    // The largest slope that counts as flat: labels are compared through probabilities, which move by less than this.
    private const double Tolerance = 1e-6;

    // The constant of the sufficient decrease condition, the book's usual value.
    private const double SufficientDecrease = 1e-4;

    internal delegate double Function(ReadOnlySpan<double> point, Span<double> gradient);

    /// <summary>Gives the minimiser, searched from the origin.</summary>
    internal static double[] Minimise(Function function, int length)
    {
        double[] point = new double[length];
        double[] gradient = new double[length];
        double[] nextPoint = new double[length];
        double[] nextGradient = new double[length];
        double[] direction = new double[length];
        List<Pair> pairs = new(Memory);
        double value = function(point, gradient);

        for (int iteration = 0; iteration < MaxIterations && TensorPrimitives.MaxMagnitude<double>(gradient) is > Tolerance or < -Tolerance; iteration++)
        {
            Descend(gradient, pairs, direction);
            double slope = TensorPrimitives.Dot<double>(gradient, direction);
            double step = pairs.Count == 0 ? 1 / Math.Max(1, TensorPrimitives.Norm<double>(gradient)) : 1;
            double nextValue;
            while (true)
            {
                TensorPrimitives.MultiplyAdd(direction, step, point, nextPoint);
                nextValue = function(nextPoint, nextGradient);
                if (nextValue <= value + SufficientDecrease * step * slope)
                {
                    break;
                }

                step /= 2;
                if (step < 1e-12)
                {
                    // Rounding hides any further decrease.
                    return point;
                }
            }

            Remember(pairs, point, nextPoint, gradient, nextGradient);
            (point, nextPoint) = (nextPoint, point);
            (gradient, nextGradient) = (nextGradient, gradient);
            value = nextValue;
        }

        return point;
    }

    private static void Descend(double[] gradient, List<Pair> pairs, double[] direction)
    {
        TensorPrimitives.Negate(gradient, direction);
        Span<double> alphas = stackalloc double[Memory];
        for (int i = pairs.Count - 1; i >= 0; i--)
        {
            Pair pair = pairs[i];
            alphas[i] = TensorPrimitives.Dot<double>(pair.Step, direction) / pair.Curvature;
            TensorPrimitives.MultiplyAdd(pair.Change, -alphas[i], direction, direction);
        }

        if (pairs.Count > 0)
        {
            Pair last = pairs[^1];
            TensorPrimitives.Multiply(direction, last.Curvature / TensorPrimitives.SumOfSquares<double>(last.Change), direction);
        }

        for (int i = 0; i < pairs.Count; i++)
        {
            Pair pair = pairs[i];
            double beta = TensorPrimitives.Dot<double>(pair.Change, direction) / pair.Curvature;
            TensorPrimitives.MultiplyAdd(pair.Step, alphas[i] - beta, direction, direction);
        }
    }

    private static void Remember(List<Pair> pairs, double[] point, double[] nextPoint, double[] gradient, double[] nextGradient)
    {
        double[] step = new double[point.Length];
        double[] change = new double[point.Length];
        TensorPrimitives.Subtract(nextPoint, point, step);
        TensorPrimitives.Subtract(nextGradient, gradient, change);
        double curvature = TensorPrimitives.Dot<double>(step, change);
        if (curvature <= double.Epsilon)
        {
            return;
        }

        if (pairs.Count == Memory)
        {
            pairs.RemoveAt(0);
        }

        pairs.Add(new Pair(step, change, curvature));
    }

    private readonly record struct Pair(double[] Step, double[] Change, double Curvature);
}
