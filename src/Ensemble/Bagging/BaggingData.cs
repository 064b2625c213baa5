using System.Text.Json;

namespace Ensemble;

/// <summary>What a bagged classifier is made of: labelled examples, the words of the prompt, and which examples each voter is shown. Immutable.</summary>
public sealed class BaggingData
{
    /// <summary>Creates the data.</summary>
    /// <param name="labels">The labels; plain words whose first tokens differ.</param>
    /// <param name="examples">The labelled examples.</param>
    /// <param name="bags">For each voter the indices of the examples it is shown, in the order of its prompt; empty for a classifier of embeddings alone.</param>
    /// <param name="textWord">The word before a text in the prompt.</param>
    /// <param name="labelWord">The word before a label in the prompt.</param>
    /// <param name="test">Labelled texts to measure with; no voter is shown one.</param>
    /// <exception cref="EnsembleException">The parts do not fit together; the message names the part, the value and the fix.</exception>
    public BaggingData(
        IReadOnlyList<string> labels,
        IReadOnlyList<LabeledExample> examples,
        IReadOnlyList<IReadOnlyList<int>> bags,
        string textWord = "Text",
        string labelWord = "Label",
        IReadOnlyList<LabeledExample>? test = null)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentNullException.ThrowIfNull(bags);
        ArgumentException.ThrowIfNullOrWhiteSpace(textWord);
        ArgumentException.ThrowIfNullOrWhiteSpace(labelWord);
        Labels = labels;
        Examples = examples;
        Bags = bags;
        TextWord = textWord;
        LabelWord = labelWord;
        Test = test ?? [];
        Check();
    }

    /// <summary>Gets the labels.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Gets the labelled examples.</summary>
    public IReadOnlyList<LabeledExample> Examples { get; }

    /// <summary>Gets for each voter the indices of the examples it is shown, in the order of its prompt.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Bags { get; }

    /// <summary>Gets the word before a text in the prompt.</summary>
    public string TextWord { get; }

    /// <summary>Gets the word before a label in the prompt.</summary>
    public string LabelWord { get; }

    /// <summary>Gets the labelled texts to measure with; no voter is shown one.</summary>
    public IReadOnlyList<LabeledExample> Test { get; }

    /// <summary>Reads the data from JSON: <c>labels</c>, <c>examples</c> (<c>text</c>, <c>label</c>), <c>bags</c>, <c>textWord</c>, <c>labelWord</c>, <c>test</c>.</summary>
    /// <param name="json">The JSON as UTF-8.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The data.</returns>
    /// <exception cref="EnsembleException">The JSON cannot be read, or its parts do not fit together.</exception>
    public static async Task<BaggingData> ReadAsync(Stream json, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            BaggingDocument? document = await JsonSerializer.DeserializeAsync(json, EnsembleJsonContext.Default.BaggingDocument, cancellationToken).ConfigureAwait(false);
            return document?.ToData() ?? throw new EnsembleException("The bagging data is null; write an object with labels, examples and bags.");
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            throw new EnsembleException($"The bagging data cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Makes data from labelled examples alone: the labels in the order in which they come, and bags of 8 examples for up to 4 labels, 2 a label for up to 9, and 1 a label for more; of a label with few examples at most half, since the others calibrate.</summary>
    /// <param name="examples">The labelled examples.</param>
    /// <param name="bags">How many voters; curves are flat from 9 on. 0 for a classifier of embeddings alone.</param>
    /// <param name="seed">The seed: the same one draws the same bags.</param>
    /// <param name="textWord">The word before a text in the prompt.</param>
    /// <param name="labelWord">The word before a label in the prompt.</param>
    /// <returns>The data.</returns>
    /// <exception cref="EnsembleException">There is one label only, a label has one example only, or two labels differ in case only.</exception>
    public static BaggingData FromExamples(IReadOnlyList<LabeledExample> examples, int bags = 9, int seed = 0, string textWord = "Text", string labelWord = "Label")
    {
        ArgumentNullException.ThrowIfNull(examples);
        string[] labels = [.. examples.Select(example => example.Label).Distinct(StringComparer.Ordinal)];
        if (labels.Length < 2)
        {
            throw new EnsembleException(labels.Length == 0 ? "There are no examples: give labelled ones." : $"All examples have the label '{labels[0]}': give examples of at least two labels.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(bags);
        int poorest = labels.Min(label => examples.Count(example => example.Label == label));
        int perLabel = Math.Min(PerLabel(labels.Length), Math.Max(1, poorest / 2));
        return new BaggingData(labels, examples, bags == 0 ? [] : DrawBags(labels, examples, bags, perLabel, seed), textWord, labelWord);
    }

    /// <summary>Draws bags: for each voter the same number of examples of each label, without putting any back, shuffled.</summary>
    /// <param name="labels">The labels.</param>
    /// <param name="examples">The labelled examples.</param>
    /// <param name="count">How many voters; curves are flat from 9 on.</param>
    /// <param name="perLabel">How many examples of each label a voter is shown. Leave at least twice as many out of each bag, since those calibrate it.</param>
    /// <param name="seed">The seed: the same one draws the same bags.</param>
    /// <returns>The bags.</returns>
    /// <exception cref="EnsembleException">A label has too few examples.</exception>
    public static IReadOnlyList<IReadOnlyList<int>> DrawBags(IReadOnlyList<string> labels, IReadOnlyList<LabeledExample> examples, int count, int perLabel, int seed)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(perLabel, 1);
        Random random = new(seed);
        int[][] byLabel = [.. labels.Select(label => Enumerable.Range(0, examples.Count).Where(i => examples[i].Label == label).ToArray())];
        int poorest = Array.FindIndex(byLabel, indices => indices.Length <= perLabel);
        if (poorest >= 0)
        {
            throw new EnsembleException(
                $"The label '{labels[poorest]}' has {byLabel[poorest].Length} examples; a voter shows {perLabel}, and at least one must stay out of its bag. Give more examples{(perLabel > 1 ? ", or show fewer" : "")}.");
        }

        int[][] bags = new int[count][];
        for (int k = 0; k < count; k++)
        {
            int[] bag = [.. byLabel.SelectMany(indices =>
            {
                int[] shuffled = [.. indices];
                random.Shuffle(shuffled);
                return shuffled.Take(perLabel);
            })];
            random.Shuffle(bag);
            bags[k] = bag;
        }

        return bags;
    }

    /// <summary>Returns the examples that a reader is shown: those of the first bag, or as many of each label as a bag would have.</summary>
    internal IReadOnlyList<int> Shown() => Bags.Count > 0 ? Bags[0]
        : [.. Labels.SelectMany(label => Enumerable.Range(0, Examples.Count).Where(i => Examples[i].Label == label).Take(PerLabel(Labels.Count)))];

    /// <summary>Returns the place of each example's label.</summary>
    internal int[] LabelIndices() => [.. Examples.Select(example => IndexOf(example.Label))];

    /// <summary>Returns the place of a label, or -1.</summary>
    internal int IndexOf(string label)
    {
        for (int c = 0; c < Labels.Count; c++)
        {
            if (Labels[c] == label)
            {
                return c;
            }
        }

        return -1;
    }

    private static int PerLabel(int labels) => labels <= 4 ? 8 / labels : labels < 10 ? 2 : 1;

    private void Check()
    {
        if (Labels.Count < 2 || Labels.Any(string.IsNullOrWhiteSpace))
        {
            throw new EnsembleException("labels: give at least two, none of them empty.");
        }

        if (Labels.GroupBy(label => label.Trim(), StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new EnsembleException($"labels: {string.Join(" and ", twice.Select(label => $"'{label}'"))} are one label in two spellings, or given twice. Write it the same way everywhere.");
        }

        foreach (LabeledExample example in Examples.Concat(Test))
        {
            if (IndexOf(example.Label) < 0)
            {
                throw new EnsembleException($"examples: the label '{example.Label}' is not among the labels ({string.Join(", ", Labels)}).");
            }
        }

        for (int k = 0; k < Bags.Count; k++)
        {
            CheckBag(k, Bags[k]);
        }
    }

    private void CheckBag(int k, IReadOnlyList<int> bag)
    {
        if (bag.Count == 0 || bag.Distinct().Count() != bag.Count || bag.Any(i => i < 0 || i >= Examples.Count))
        {
            throw new EnsembleException($"bags[{k}]: give indices from 0 to {Examples.Count - 1}, at least one, none twice.");
        }

        foreach (string label in Labels)
        {
            if (!Enumerable.Range(0, Examples.Count).Except(bag).Any(i => Examples[i].Label == label))
            {
                throw new EnsembleException($"bags[{k}]: no example of '{label}' stays out of the bag, so the voter cannot be calibrated. Add examples of it, or take one out.");
            }
        }
    }
}
