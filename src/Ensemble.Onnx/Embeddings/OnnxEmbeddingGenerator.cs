using Microsoft.Extensions.AI;

namespace Ensemble.Onnx;

/// <summary>
/// Sentence embeddings of a local ONNX encoder (multilingual-e5-small and its like), pooled and of length 1, so that a dot product is
/// the cosine. One instance is one loaded model; it is safe for concurrent use, and the caller's thread never computes.
/// </summary>
public sealed class OnnxEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    private const string PiecesFile = "sentencepiece.model";

    private const string ModelFile = "model.onnx";

    // It computes here, and so costs nothing.
    private static readonly MemberTraits Traits = new() { InProcess = true };

    private readonly EmbeddingTokenizer _tokenizer;

    private readonly EmbeddingSession _session;

    private readonly EmbeddingGeneratorMetadata _metadata;

    private readonly SemaphoreSlim _turns;

    private readonly string _prefix;

    private readonly int _maxTokens;

    private readonly int _maxBatchSize;

    private readonly int _maxCalls;

    private int _calls;

    /// <summary>Loads a model.</summary>
    /// <param name="folder">The folder with <c>model.onnx</c> and <c>sentencepiece.model</c>, for instance <c>E5Small.Folder</c>.</param>
    /// <param name="options">How to run it; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ModelLoadException">A file is missing or is not a sentence encoder, or the native runtime is missing.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public OnnxEmbeddingGenerator(string folder, OnnxEmbeddingOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        options ??= new OnnxEmbeddingOptions();
        Check(options);
        _prefix = options.Prefix;
        _maxTokens = options.MaxTokens;
        _maxBatchSize = options.MaxBatchSize;
        _maxCalls = options.MaxConcurrency + options.MaxQueueLength;
        string pieces = Find(folder, PiecesFile);
        string model = Find(folder, ModelFile);
        _tokenizer = EmbeddingTokenizer.Load(pieces);
        _session = EmbeddingSession.Load(model, options.Threads);
        _metadata = new EmbeddingGeneratorMetadata("onnx", null, Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))), _session.Dimensions);
        _turns = new SemaphoreSlim(options.MaxConcurrency);
    }

    /// <summary>Computes the vectors of some texts, in their order.</summary>
    /// <param name="values">The texts; an empty one has a vector too.</param>
    /// <param name="options">Nothing in it changes the vectors; other <c>Dimensions</c> than the model's are refused.</param>
    /// <param name="cancellationToken">Stops the computation between two operators of the model.</param>
    /// <returns>One vector a text, with the tokens read, padding not counted.</returns>
    /// <exception cref="UnsupportedOptionException">The options ask for other dimensions than the model has.</exception>
    /// <exception cref="ModelBusyException">More calls are waiting than allowed.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        string[] texts = [.. values];
        if (Array.IndexOf(texts, null) is int missing and >= 0)
        {
            throw new ArgumentException($"Text {missing} is null.", nameof(values));
        }

        if (options?.Dimensions is int wanted && wanted != _session.Dimensions)
        {
            throw new UnsupportedOptionException($"Dimensions is {wanted}, but '{_metadata.DefaultModelId}' gives {_session.Dimensions}. Leave Dimensions out.");
        }

        _session.ThrowIfDisposed();
        cancellationToken.ThrowIfCancellationRequested();
        if (texts.Length == 0)
        {
            return [];
        }

        if (Interlocked.Increment(ref _calls) > _maxCalls)
        {
            Interlocked.Decrement(ref _calls);
            throw new ModelBusyException($"'{_metadata.DefaultModelId}' has {_maxCalls} calls under way or waiting. Raise MaxQueueLength, or embed several texts in one call.");
        }

        try
        {
            return await ComputeAsync(texts, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _calls);
        }
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
            : serviceType == typeof(MemberTraits) ? Traits
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Frees the model once the calls under way have ended; later calls throw. Disposing twice does nothing.</summary>
    public void Dispose() => _session.Dispose();

    /// <summary>Says which file of a model is missing, without loading anything; <see langword="null"/> when none is.</summary>
    internal static string? ProblemWith(string folder) =>
        new[] { PiecesFile, ModelFile }.Select(file => Path.Combine(folder, file)).FirstOrDefault(path => !File.Exists(path)) is { } missing ? Missing(missing) : null;

    private static string Find(string folder, string file)
    {
        string path = Path.Combine(folder, file);
        return File.Exists(path) ? path : throw new ModelLoadException(Missing(path)) { Path = path };
    }

    private static string Missing(string path) => $"'{path}' does not exist. Name a folder with {ModelFile} and {PiecesFile}, or add the package Ensemble.Models.E5Small.";

    private static void Check(OnnxEmbeddingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options.Prefix);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxTokens, 3);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxTokens, 512);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxBatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Threads);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxConcurrency, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxQueueLength);
    }

    private async Task<GeneratedEmbeddings<Embedding<float>>> ComputeAsync(string[] texts, CancellationToken cancellationToken)
    {
        (int[][] inputs, List<int[]> batches) = await InTurnAsync(() => Read(texts, cancellationToken), cancellationToken).ConfigureAwait(false);
        Embedding<float>[] embeddings = new Embedding<float>[texts.Length];
        foreach (int[] batch in batches)
        {
            // A turn for each: who embeds one sentence does not wait until somebody else's index is made.
            float[][] vectors = await InTurnAsync(() => _session.Run(inputs, batch, cancellationToken), cancellationToken).ConfigureAwait(false);
            for (int row = 0; row < batch.Length; row++)
            {
                embeddings[batch[row]] = new Embedding<float>(vectors[row]) { ModelId = _metadata.DefaultModelId };
            }
        }

        long tokens = inputs.Sum(static input => (long)input.Length);
        return new GeneratedEmbeddings<Embedding<float>>(embeddings)
        {
            Usage = new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens },
        };
    }

    private async Task<T> InTurnAsync<T>(Func<T> compute, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(compute, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turns.Release();
        }
    }

    private (int[][] Inputs, List<int[]> Batches) Read(string[] texts, CancellationToken cancellationToken)
    {
        int[][] inputs = new int[texts.Length][];
        for (int i = 0; i < texts.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            inputs[i] = _tokenizer.Encode(_prefix, texts[i], _maxTokens);
        }

        return (inputs, EmbeddingBatches.Plan(inputs, _maxBatchSize));
    }
}
