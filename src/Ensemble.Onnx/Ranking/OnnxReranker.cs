namespace Ensemble.Onnx;

/// <summary>
/// A local reranker (cross-encoder: MS MARCO MiniLM, BGE reranker and their like) on ONNX Runtime: it reads a query and a document together and says how well the
/// document answers, which is slower and better than comparing embeddings. One instance is one loaded model; it is safe for concurrent use, and the caller's thread
/// never computes.
/// </summary>
public sealed class OnnxReranker : IDisposable
{
    private readonly Encoder _encoder;

    /// <summary>Loads a model.</summary>
    /// <param name="folder">The folder with the model, <c>config.json</c> and the files of its tokenizer; <c>docs/local-models.md</c> lists the layouts.</param>
    /// <param name="options">How to run it; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ModelLoadException">A file is missing or says what cannot be followed, the model gives no single logit or reads no pairs, or the native runtime is missing.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public OnnxReranker(string folder, OnnxEncoderOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        EncoderFolder files = EncoderFolder.Open(folder);
        _encoder = Encoder.Load(files, options ?? new OnnxEncoderOptions(), outputs => LogitsOutput.Choose(outputs, files, width: 1), pairs: true);
    }

    /// <summary>Ranks documents by how well they answer a query.</summary>
    /// <param name="query">The query.</param>
    /// <param name="documents">The documents. Of a pair that is longer than the model reads the end of the longer text is cut off, and of both when each is longer than half.</param>
    /// <param name="cancellationToken">Stops the computation between two operators of the model.</param>
    /// <returns>Every document once, the best first; of equals the one that stood first.</returns>
    /// <exception cref="ArgumentException">A document is null.</exception>
    /// <exception cref="ModelBusyException">More calls are waiting than allowed.</exception>
    public async Task<IReadOnlyList<RankedDocument>> RankAsync(string query, IEnumerable<string> documents, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(documents);
        string[] texts = [.. documents];
        if (Array.IndexOf(texts, null) is int missing and >= 0)
        {
            throw new ArgumentException($"Document {missing} is null.", nameof(documents));
        }

        _encoder.ThrowIfDisposed(this);
        cancellationToken.ThrowIfCancellationRequested();
        if (texts.Length == 0)
        {
            return [];
        }

        int[]? asked = null;
        float[] logits = new float[texts.Length];
        await _encoder.RunAsync(
            texts.Length,
            index => _encoder.Tokenizer.Pair(asked ??= _encoder.Tokenizer.EncodePart(query, _encoder.MaxTokens), _encoder.Tokenizer.EncodePart(texts[index], _encoder.MaxTokens), _encoder.MaxTokens),
            (index, values) => logits[index] = values[0],
            cancellationToken).ConfigureAwait(false);

        // By the logits, which tell apart what the sigmoid rounds to 1.
        return [.. Enumerable.Range(0, texts.Length).OrderByDescending(index => logits[index]).Select(index => new RankedDocument(index, Sigmoid.Of(logits[index])))];
    }

    /// <summary>Frees the model once the calls under way have ended; later calls throw. Disposing twice does nothing.</summary>
    public void Dispose() => _encoder.Dispose();
}
