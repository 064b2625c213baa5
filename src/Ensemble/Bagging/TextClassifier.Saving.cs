using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Ensemble;

public sealed partial class TextClassifier
{
    /// <summary>Writes the examples and what the fit found as JSON; models are not written, and the regression is fitted again when it is read.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="cancellationToken">Cancels the writing.</param>
    public Task SaveAsync(Stream json, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(json);
        return JsonSerializer.SerializeAsync(json, TextClassifierDocument.From(_data, _fit), EnsembleJsonContext.Default.TextClassifierDocument, cancellationToken);
    }

    /// <summary>Reads a classifier; the voters are not fitted again.</summary>
    /// <param name="json">Where from.</param>
    /// <param name="client">The language model that it was fitted with; <see langword="null"/> when it has no voters.</param>
    /// <param name="embeddings">The embedding model that it was fitted with; <see langword="null"/> when it has none.</param>
    /// <param name="options">Changes the defaults.</param>
    /// <param name="runtime">The clock of receipts; <see langword="null"/> takes <see cref="EnsembleRuntime.Default"/>.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The classifier.</returns>
    /// <exception cref="EnsembleException">The JSON cannot be read, or was fitted with other members.</exception>
    public static async Task<TextClassifier> LoadAsync(
        Stream json,
        IChatClient? client,
        IEmbeddingGenerator<string, Embedding<float>>? embeddings,
        TextClassifierOptions? options = null,
        EnsembleRuntime? runtime = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(json);
        (BaggingData data, TextClassifierFit fit) = await ReadAsync(json, cancellationToken).ConfigureAwait(false);
        (options, runtime) = Check(client, embeddings, data, options, runtime);
        if ((client is not null) != (fit.Voters.Count > 0))
        {
            throw new EnsembleException(client is null ? "The classifier was fitted with bagged voters: give the language model." : "The classifier was fitted without bagged voters: leave the language model out, or fit again.");
        }

        EmbeddingClassifier? regression = embeddings is null ? null
            : EmbeddingClassifier.Fit(await EmbedAsync(embeddings, data, cancellationToken).ConfigureAwait(false), data.LabelIndices(), data.Labels.Count);
        return new TextClassifier(data, client is null ? null : new BagScorer(client, data, runtime.TimeProvider), embeddings, regression, fit, options, runtime);
    }

    private static async Task<(BaggingData Data, TextClassifierFit Fit)> ReadAsync(Stream json, CancellationToken cancellationToken)
    {
        try
        {
            TextClassifierDocument? document = await JsonSerializer.DeserializeAsync(json, EnsembleJsonContext.Default.TextClassifierDocument, cancellationToken).ConfigureAwait(false);
            return document?.Read() ?? throw new EnsembleException("The classifier is null; write one with SaveAsync.");
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            throw new EnsembleException($"The classifier cannot be read: {exception.Message}", exception);
        }
    }
}
