namespace Ensemble;

/// <summary>Fits slopes and biases by their log-loss with a penalty, without randomness.</summary>
internal static class CalibrationFit
{
    /// <summary>Minimises <c>-sum log softmax(a * row + b)[label] + |b|^2 + (ln a)^2 / 2</c> over a &gt; 0 and b.</summary>
    public static ChoiceCalibration Fit(IReadOnlyList<double[]> rows, IReadOnlyList<int> labels)
    {
        int choices = rows[0].Length;

        // The last parameter is ln a: any value of it is a slope above 0.
        double[] found = Lbfgs.Minimise(
            (parameters, gradient) => Evaluate(rows, labels, parameters, gradient), choices + 1);
        return new ChoiceCalibration(Math.Exp(found[choices]), found[..choices]);
    }

    /// <summary>Minimises the log-loss of <c>softmax(t * row)</c> plus <c>(ln t)^2 / 2</c> over t &gt; 0, and returns t.</summary>
    public static double Temperature(IReadOnlyList<double[]> rows, IReadOnlyList<int> labels)
    {
        if (rows.Count == 0)
        {
            return 1;
        }

        double[] found = Lbfgs.Minimise(
            (parameters, gradient) =>
            {
                double[] full = new double[rows[0].Length + 1];
                double[] slope = new double[full.Length];
                full[^1] = parameters[0];
                double loss = Evaluate(rows, labels, full, slope);
                gradient[0] = slope[^1];
                return loss;
            },
            1);
        return Math.Exp(found[0]);
    }

    private static double Evaluate(IReadOnlyList<double[]> rows, IReadOnlyList<int> labels, ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        int choices = rows[0].Length;
        double logSlope = parameters[choices];
        double slope = Math.Exp(logSlope);
        double loss = logSlope * logSlope / 2;
        gradient.Clear();
        gradient[choices] = logSlope;
        for (int c = 0; c < choices; c++)
        {
            loss += parameters[c] * parameters[c];
            gradient[c] = 2 * parameters[c];
        }

        double[] logits = new double[choices];
        for (int i = 0; i < rows.Count; i++)
        {
            for (int c = 0; c < choices; c++)
            {
                logits[c] = (slope * rows[i][c]) + parameters[c];
            }

            double[] log = BaggingMath.Normalize(logits);
            loss -= log[labels[i]];
            for (int c = 0; c < choices; c++)
            {
                double error = Math.Exp(log[c]) - (c == labels[i] ? 1 : 0);
                gradient[c] += error;
                gradient[choices] += error * slope * rows[i][c];
            }
        }

        return loss;
    }
}
