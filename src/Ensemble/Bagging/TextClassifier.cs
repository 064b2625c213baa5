using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// Classifies short texts by two small members: bagged voters of a language model (<see cref="BaggedClassifier"/>) with a fitted slope and
/// bias each, and logistic regression on embeddings; their log-probabilities are averaged. Its accuracy is known before the first text.
/// The same seed and data give the same bits on one processor. Safe for use by many threads at once; it owns neither model.
/// </summary>
public sealed partial class TextClassifier
{
    private const string Kind = "classify";

    private const string EmbeddingName = "embedding";

    // Below it the lead of a running mean says little.
    private const int LeastVoters = 3;

    private readonly BaggingData _data;
    private readonly BagScorer? _scorer;
    private readonly IEmbeddingGenerator<string, Embedding<float>>? _embeddings;
    private readonly EmbeddingClassifier? _regression;
    private readonly TextClassifierFit _fit;
    private readonly TextClassifierOptions _options;
    private readonly EnsembleRuntime _runtime;
    private readonly FailureReader _failures;

    private TextClassifier(
        BaggingData data, BagScorer? scorer, IEmbeddingGenerator<string, Embedding<float>>? embeddings, EmbeddingClassifier? regression, TextClassifierFit fit, TextClassifierOptions options, EnsembleRuntime runtime)
    {
        _data = data;
        _scorer = scorer;
        _embeddings = embeddings;
        _regression = regression;
        _fit = fit;
        _options = options;
        _runtime = runtime;
        _failures = new FailureReader(runtime.FailureClassifiers, runtime.TimeProvider);
        EstimatedAccuracy = Accuracy.OfCount(fit.Right, fit.Judged);
    }

    /// <summary>Gets the labels, in the order of all scores.</summary>
    public IReadOnlyList<string> Labels => _data.Labels;

    /// <summary>Gets how often the classifier is right, estimated on the labelled examples, each judged by voters that were not shown it and a regression that was not fitted to it.</summary>
    public Accuracy EstimatedAccuracy { get; }

    /// <summary>Gets the confidence below which an answer defers: of the labelled examples at least as sure, <see cref="TextClassifierOptions.TargetAccuracy"/> are right.</summary>
    public double Threshold => _fit.Threshold;

    /// <summary>Gets the bagged voters; empty when there are none.</summary>
    public IReadOnlyList<BaggedVoter> Voters => _fit.Voters;

    /// <summary>Fits the members to labelled examples.</summary>
    /// <param name="client">The language model of the bagged voters; <see langword="null"/> leaves them out.</param>
    /// <param name="embeddings">The embedding model; <see langword="null"/> leaves it out.</param>
    /// <param name="data">The examples and the bags (<see cref="BaggingData.FromExamples"/>).</param>
    /// <param name="options">Changes the defaults.</param>
    /// <param name="runtime">The clock of receipts; <see langword="null"/> takes <see cref="EnsembleRuntime.Default"/>.</param>
    /// <param name="progress">Is told how far the fit has come.</param>
    /// <param name="cancellationToken">Cancels the fit.</param>
    /// <returns>The classifier.</returns>
    /// <exception cref="ArgumentException">Both models are left out, or an option is out of range.</exception>
    /// <exception cref="UnsupportedOptionException">The client cannot score continuations.</exception>
    /// <exception cref="EnsembleException">Two labels start with the same token, or a label has fewer than two examples.</exception>
    public static async Task<TextClassifier> FitAsync(
        IChatClient? client,
        IEmbeddingGenerator<string, Embedding<float>>? embeddings,
        BaggingData data,
        TextClassifierOptions? options = null,
        EnsembleRuntime? runtime = null,
        IProgress<BaggingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        (options, runtime) = Check(client, embeddings, data, options, runtime);
        int[] labels = data.LabelIndices();
        BagScorer? scorer = client is null ? null : new BagScorer(client, data, runtime.TimeProvider);
        (EmbeddingClassifier? regression, double[][]? outOfFold) = await RegressAsync(embeddings, data, cancellationToken).ConfigureAwait(false);
        BaggedVoter[] voters = [];
        double[]?[]? bags = null;
        if (scorer is not null)
        {
            (voters, List<double[]>[] outOfBag) = await BagFit.RunAsync(scorer, fitsSlope: true, progress, cancellationToken).ConfigureAwait(false);
            bags = [.. outOfBag.Select(rows => rows.Count == 0 ? null : BaggingMath.Mean(rows))];
        }

        TextClassifierFit fit = TextClassifierFit.Create(voters, bags, outOfFold, labels, options.TargetAccuracy);
        return new TextClassifier(data, scorer, embeddings, regression, fit, options, runtime);
    }

    private static (TextClassifierOptions Options, EnsembleRuntime Runtime) Check(
        IChatClient? client, IEmbeddingGenerator<string, Embedding<float>>? embeddings, BaggingData data, TextClassifierOptions? options, EnsembleRuntime? runtime)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (client is null && embeddings is null)
        {
            throw new ArgumentException("Give a language model for the bags, an embedding model, or both.", nameof(client));
        }

        options ??= new TextClassifierOptions();
        options.Validate();
        foreach (string label in data.Labels)
        {
            if (data.Examples.Count(example => example.Label == label) is < 2 and var count)
            {
                throw new EnsembleException($"The label '{label}' has {count} examples; give at least 2, better 8 or more.");
            }
        }

        return (options, runtime ?? EnsembleRuntime.Default);
    }

    /// <summary>Fits the regression, and says of each example what one that has not seen it says.</summary>
    private static async Task<(EmbeddingClassifier? Regression, double[][]? OutOfFold)> RegressAsync(
        IEmbeddingGenerator<string, Embedding<float>>? embeddings, BaggingData data, CancellationToken cancellationToken)
    {
        if (embeddings is null)
        {
            return (null, null);
        }

        IReadOnlyList<ReadOnlyMemory<float>> vectors = await EmbedAsync(embeddings, data, cancellationToken).ConfigureAwait(false);
        int[] labels = data.LabelIndices();
        return (EmbeddingClassifier.Fit(vectors, labels, data.Labels.Count), EmbeddingClassifier.OutOfFold(vectors, labels, data.Labels.Count));
    }

    private static async Task<IReadOnlyList<ReadOnlyMemory<float>>> EmbedAsync(IEmbeddingGenerator<string, Embedding<float>> embeddings, BaggingData data, CancellationToken cancellationToken)
    {
        // One by one: a vector must not depend on what else is in its batch.
        List<ReadOnlyMemory<float>> vectors = new(data.Examples.Count);
        foreach (LabeledExample example in data.Examples)
        {
            vectors.Add((await embeddings.GenerateAsync([example.Text], cancellationToken: cancellationToken).ConfigureAwait(false))[0].Vector);
        }

        return vectors;
    }
}
