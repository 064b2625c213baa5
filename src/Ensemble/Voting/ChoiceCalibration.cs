namespace Ensemble;

/// <summary>Takes a model's habit off its probabilities over choices: <c>softmax(slope * log p + bias)</c>.</summary>
public sealed class ChoiceCalibration
{
    /// <summary>Creates a calibration.</summary>
    /// <param name="slope">How far probabilities are spread; above 0, 1 leaves them as they are.</param>
    /// <param name="bias">What is added to each choice's log-probability, in the order of the choices.</param>
    /// <exception cref="ArgumentOutOfRangeException">The slope is not above 0.</exception>
    public ChoiceCalibration(double slope, IReadOnlyList<double> bias)
    {
        ArgumentNullException.ThrowIfNull(bias);
        Slope = double.IsFinite(slope) && slope > 0 ? slope : throw new ArgumentOutOfRangeException(nameof(slope), slope, "Give a slope above 0.");
        Bias = bias;
    }

    /// <summary>Gets how far probabilities are spread.</summary>
    public double Slope { get; }

    /// <summary>Gets what is added to each choice's log-probability.</summary>
    public IReadOnlyList<double> Bias { get; }

    /// <summary>Fits a calibration to rows whose right choice is known: minimises the log-loss plus |bias|² + (ln slope)² / 2, which keeps few rows from saying much.</summary>
    /// <param name="rows">Log-probabilities, one a choice, for each text.</param>
    /// <param name="labels">The place of the right choice of each row.</param>
    /// <returns>The calibration.</returns>
    /// <exception cref="ArgumentException">There is no row, or the lists do not fit together.</exception>
    public static ChoiceCalibration Fit(IReadOnlyList<double[]> rows, IReadOnlyList<int> labels)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(labels);
        if (rows.Count == 0 || rows.Count != labels.Count)
        {
            throw new ArgumentException("Give at least one row, and one label a row.", nameof(rows));
        }

        return CalibrationFit.Fit(rows, labels);
    }

    /// <summary>Applies the calibration.</summary>
    /// <param name="logProbabilities">Log-probabilities, one a choice.</param>
    /// <returns>Normalised log-probabilities.</returns>
    /// <exception cref="ArgumentException">The row has another length than the bias.</exception>
    public double[] Apply(ReadOnlySpan<double> logProbabilities)
    {
        if (logProbabilities.Length != Bias.Count)
        {
            throw new ArgumentException($"The calibration is for {Bias.Count} choices, the row has {logProbabilities.Length}.", nameof(logProbabilities));
        }

        double[] row = new double[logProbabilities.Length];
        for (int c = 0; c < row.Length; c++)
        {
            row[c] = (Slope * logProbabilities[c]) + Bias[c];
        }

        return BaggingMath.Normalize(row);
    }
}
