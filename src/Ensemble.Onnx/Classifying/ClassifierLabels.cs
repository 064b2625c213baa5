using System.Globalization;
using System.Text.Json;

namespace Ensemble.Onnx;

/// <summary>The labels of a classifier and how its logits become their probabilities, as <c>config.json</c> says it.</summary>
internal sealed class ClassifierLabels
{
    private const string ProblemType = "problem_type";

    private const string LabelNames = "id2label";

    private ClassifierLabels(string[] names, bool isMultiLabel)
    {
        Names = names;
        IsMultiLabel = isMultiLabel;
    }

    internal string[] Names { get; }

    internal bool IsMultiLabel { get; }

    /// <summary>Reads <c>config.json</c>.</summary>
    /// <exception cref="ModelLoadException">It is missing, or says what is no classifier.</exception>
    internal static ClassifierLabels Read(EncoderFolder folder)
    {
        EncoderJson config = folder.Config ?? throw new ModelLoadException(
            $"'{Path.Combine(folder.Path, "config.json")}' does not exist, and it has the labels of a classifier: copy it from the model's folder.")
        { Path = Path.Combine(folder.Path, "config.json") };
        bool isMultiLabel = config.Text(ProblemType) switch
        {
            null or "single_label_classification" => false,
            "multi_label_classification" => true,
            var other => throw config.Error(ProblemType, other, "single_label_classification and multi_label_classification are classifiers; use another model"),
        };
        string[] names = ReadNames(config);
        return names.Length > 1 || isMultiLabel ? new ClassifierLabels(names, isMultiLabel)
            : throw config.Error(LabelNames, names[0], $"one label alone says nothing; a model that scores pairs is for {nameof(OnnxReranker)}");
    }

    /// <summary>Gives the natural logarithm of each label's probability: of the softmax, or of each logit's sigmoid when several labels can hold.</summary>
    internal double[] LogProbabilities(ReadOnlySpan<float> logits)
    {
        double[] values = new double[logits.Length];
        double most = double.NegativeInfinity;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = logits[i];
            most = Math.Max(most, values[i]);
        }

        double sum = 0;
        foreach (double value in values)
        {
            sum += Math.Exp(value - most);
        }

        double all = most + Math.Log(sum);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = IsMultiLabel ? Sigmoid.Log(values[i]) : values[i] - all;
        }

        return values;
    }

    private static string[] ReadNames(EncoderJson config)
    {
        if (config.Find(LabelNames) is not { ValueKind: JsonValueKind.Object } found)
        {
            throw config.Error(LabelNames, config.Find(LabelNames), "a classifier has its labels there; copy the file again from the model's folder");
        }

        SortedDictionary<int, string> names = [];
        foreach (JsonProperty label in found.EnumerateObject())
        {
            string? name = label.Value.ValueKind == JsonValueKind.String ? label.Value.GetString() : null;
            if (string.IsNullOrWhiteSpace(name) || !int.TryParse(label.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int id) || !names.TryAdd(id, name))
            {
                throw Refuse();
            }
        }

        string[] all = [.. names.Values];
        return all.Length > 0 && names.Keys.SequenceEqual(Enumerable.Range(0, all.Length)) && all.Distinct(StringComparer.OrdinalIgnoreCase).Count() == all.Length ? all : throw Refuse();

        ModelLoadException Refuse() => config.Error(LabelNames, found, "each number from 0 on with a name of its own is expected there; correct the file");
    }
}
