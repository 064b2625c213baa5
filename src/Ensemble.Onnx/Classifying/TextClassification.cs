namespace Ensemble.Onnx;

/// <summary>What a classifier says of a text: how probable each label is.</summary>
public sealed class TextClassification
{
    internal TextClassification(string[] labels, double[] logProbabilities, int tokens)
    {
        int best = 0;
        KeyValuePair<string, double>[] probabilities = new KeyValuePair<string, double>[labels.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            probabilities[i] = KeyValuePair.Create(labels[i], Math.Exp(logProbabilities[i]));
            best = logProbabilities[i] > logProbabilities[best] ? i : best;
        }

        Best = best;
        Probabilities = probabilities;
        LogProbabilities = logProbabilities;
        TokenCount = tokens;
    }

    /// <summary>Gets the most probable label; the first one of equals.</summary>
    public string Label => Probabilities[Best].Key;

    /// <summary>Gets the probability of <see cref="Label"/>, from 0 to 1.</summary>
    public double Probability => Probabilities[Best].Value;

    /// <summary>Gets each label with its probability, from 0 to 1, in the order of the model. They add up to 1 unless several labels can hold at once (<see cref="OnnxClassifier.IsMultiLabel"/>).</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Probabilities { get; }

    /// <summary>Gets how many tokens the model read, the marks around the text included.</summary>
    public int TokenCount { get; }

    internal int Best { get; }

    /// <summary>The natural logarithms, which tell also what is too small for a probability.</summary>
    internal IReadOnlyList<double> LogProbabilities { get; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Label} ({Probability:0.000})");
}
