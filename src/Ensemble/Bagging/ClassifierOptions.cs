namespace Ensemble;

/// <summary>What a <see cref="ClassifierChatClient"/> is fitted to, and when it defers.</summary>
public sealed class ClassifierOptions
{
    /// <summary>Gets or sets the labelled examples with their bags (<see cref="BaggingData.FromExamples"/>). Give these or a <see cref="Fit"/>.</summary>
    /// <value>The default value is <see langword="null"/>.</value>
    public BaggingData? Data { get; set; }

    /// <summary>Gets or sets what <see cref="TextClassifier.SaveAsync"/> wrote: the classifier is then read and not fitted.</summary>
    /// <value>The default value is empty.</value>
    public ReadOnlyMemory<byte> Fit { get; set; }

    /// <summary>Gets or sets the key of the embedding model, for classifiers that a container makes; with <c>new</c> the model itself is given.</summary>
    /// <value>The default value is <see langword="null"/>: no embedding member.</value>
    public string? Embeddings { get; set; }

    /// <summary>Gets or sets the member that answers what the classifier is not sure enough of. Any other member is the language model of the bagged voters.</summary>
    /// <value>The default value is <see langword="null"/>: the classifier's answer stands, and its probability is on it for a cascade (<see cref="DeferRule.LabelProbability"/>).</value>
    public string? DeferTo { get; set; }

    /// <summary>Gets or sets the probability of the label below which an answer defers, from 0 to 1.</summary>
    /// <value>The default value is <see langword="null"/>: <see cref="TextClassifier.Threshold"/>, learned from the examples.</value>
    public double? DeferBelow { get; set; }

    /// <summary>Gets how the classifier decides.</summary>
    public TextClassifierOptions Classifying { get; } = new();

    /// <summary>Gets or sets how long the member that is deferred to may take, from 10 ms to 24 h.</summary>
    /// <value>The default value is <see langword="null"/>: no limit but the caller's.</value>
    public TimeSpan? AttemptTimeout { get; set; }

    internal void Validate()
    {
        Classifying.Validate();
        RouterOptions.CheckTimeout(AttemptTimeout, nameof(AttemptTimeout));
        if ((Data is null) == Fit.IsEmpty)
        {
            throw new ArgumentException(Data is null ? $"Give {nameof(Data)} (BaggingData.FromExamples) or a saved {nameof(Fit)}." : $"Give {nameof(Data)} or {nameof(Fit)}, not both.");
        }

        if (DeferBelow is { } limit && !(limit is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(DeferBelow), limit, $"{nameof(DeferBelow)} is {limit}; give a probability from 0 to 1.");
        }

        if (DeferBelow is not null && DeferTo is null)
        {
            throw new ArgumentException($"{nameof(DeferBelow)} is set, and nobody to defer to: name a member in {nameof(DeferTo)}.");
        }
    }
}
