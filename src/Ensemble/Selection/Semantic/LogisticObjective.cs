using System.Numerics.Tensors;

namespace Ensemble;

/// <summary>The penalised log-loss of <see cref="LogisticRegression"/>, divided by C, and its gradient.</summary>
internal sealed class LogisticObjective(double[][] rows, int[] labels, int classes, double c)
{
    private readonly double[] _probabilities = new double[classes];

    /// <summary>Gives the loss and overwrites <paramref name="gradient"/>.</summary>
    internal double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        int stride = rows[0].Length + 1;
        double penalty = 0;
        for (int k = 0; k < classes; k++)
        {
            ReadOnlySpan<double> weights = parameters.Slice(k * stride, stride - 1);
            TensorPrimitives.Divide(weights, c, gradient.Slice(k * stride, stride - 1));
            gradient[k * stride + stride - 1] = 0;
            penalty += TensorPrimitives.Dot(weights, weights);
        }

        double loss = penalty / (2 * c);
        for (int i = 0; i < rows.Length; i++)
        {
            LogisticRegression.Logits(parameters, rows[i], _probabilities);
            LogisticRegression.LogSoftmax(_probabilities);
            loss -= _probabilities[labels[i]];
            for (int k = 0; k < classes; k++)
            {
                double residual = Math.Exp(_probabilities[k]) - (k == labels[i] ? 1 : 0);
                Span<double> slope = gradient.Slice(k * stride, stride - 1);
                TensorPrimitives.MultiplyAdd(rows[i], residual, slope, slope);
                gradient[k * stride + stride - 1] += residual;
            }
        }

        return loss;
    }
}
