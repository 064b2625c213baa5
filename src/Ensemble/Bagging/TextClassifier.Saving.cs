using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Ensemble;

public sealed partial class TextClassifier
{
    /// <summary>Writes the examples, who was fitted, and what the voters said, as JSON; models are not written.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="cancellationToken">Cancels the writing.</param>
    public Task SaveAsync(Stream json, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(json);
        string? embeddings = _embeddings is null ? null : (_embeddings.GetService(typeof(EmbeddingGeneratorMetadata)) as EmbeddingGeneratorMetadata)?.DefaultModelId ?? EmbeddingName;
        return JsonSerializer.SerializeAsync(json, TextClassifierDocument.From(_data, _fit, _scorer?.ModelName, embeddings), EnsembleJsonContext.Default.TextClassifierDocument, cancellationToken);
    }

    /// <summary>
    /// Reads a classifier without asking the language model: its voters are those of the fit. What is cheap is computed again for the members that
    /// are given here: the regression, the temperatures, <see cref="EstimatedAccuracy"/> and <see cref="Threshold"/>. So a member may be left out,
    /// and an embedding model may be another one or join.
    /// </summary>
    /// <param name="json">Where from.</param>
    /// <param name="client">The language model that the voters were fitted to; <see langword="null"/> leaves them out.</param>
    /// <param name="embeddings">The embedding model; <see langword="null"/> leaves it out. Each example is embedded once.</param>
    /// <param name="options">Changes the defaults.</param>
    /// <param name="runtime">The clock of receipts; <see langword="null"/> takes <see cref="EnsembleRuntime.Default"/>.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The classifier.</returns>
    /// <exception cref="ArgumentException">Both models are left out, or an option is out of range.</exception>
    /// <exception cref="EnsembleException">The JSON cannot be read, has no voters for the language model, or those of another one.</exception>
    public static async Task<TextClassifier> LoadAsync(
        Stream json,
        IChatClient? client,
        IEmbeddingGenerator<string, Embedding<float>>? embeddings,
        TextClassifierOptions? options = null,
        EnsembleRuntime? runtime = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(json);
        (BaggingData data, TextClassifierDocument document) = await ReadAsync(json, cancellationToken).ConfigureAwait(false);
        (options, runtime) = Check(client, embeddings, data, options, runtime);
        BagScorer? scorer = null;
        BaggedVoter[] voters = [];
        if (client is not null)
        {
            scorer = new BagScorer(client, data, runtime.TimeProvider);
            voters = document.ReadVoters(data, scorer.ModelName);
        }

        (EmbeddingClassifier? regression, double[][]? outOfFold) = await RegressAsync(embeddings, data, cancellationToken).ConfigureAwait(false);
        TextClassifierFit fit = TextClassifierFit.Create(voters, client is null ? null : document.OutOfBag, outOfFold, data.LabelIndices(), options.TargetAccuracy);
        return new TextClassifier(data, scorer, embeddings, regression, fit, options, runtime);
    }

    private static async Task<(BaggingData Data, TextClassifierDocument Document)> ReadAsync(Stream json, CancellationToken cancellationToken)
    {
        try
        {
            TextClassifierDocument document = await JsonSerializer.DeserializeAsync(json, EnsembleJsonContext.Default.TextClassifierDocument, cancellationToken).ConfigureAwait(false)
                ?? throw new EnsembleException("The classifier is null; write one with SaveAsync.");
            return (document.Data.ToData(), document);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            throw new EnsembleException($"The classifier cannot be read: {exception.Message}", exception);
        }
    }
}
