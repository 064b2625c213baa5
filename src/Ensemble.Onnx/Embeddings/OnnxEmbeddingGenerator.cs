using Microsoft.Extensions.AI;
using Microsoft.ML.OnnxRuntime;

namespace Ensemble.Onnx;

/// <summary>
/// Sentence embeddings of a local ONNX encoder: multilingual-e5-small, MiniLM, BGE, GTE, mpnet and their like. The vectors have length 1, so that a dot
/// product is the cosine. One instance is one loaded model; it is safe for concurrent use, and the caller's thread never computes.
/// </summary>
public sealed class OnnxEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    // Pooled in the graph, then by what the exporters call the vectors of the tokens.
    private const string Pooled = "sentence_embedding";

    private static readonly string[] PerToken = ["token_embeddings", "last_hidden_state"];

    // It computes here, and so costs nothing.
    private static readonly MemberTraits Traits = new() { InProcess = true };

    private readonly Encoder _encoder;

    private readonly EmbeddingGeneratorMetadata _metadata;

    private readonly PoolingMode _pooling;

    private readonly string _prefix;

    /// <summary>Loads a model.</summary>
    /// <param name="folder">The folder with the model and the files of its tokenizer, for instance <c>E5Small.Folder</c>; <c>docs/local-models.md</c> lists the layouts.</param>
    /// <param name="options">How to run it; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ModelLoadException">A file is missing or says what cannot be followed, or the native runtime is missing.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public OnnxEmbeddingGenerator(string folder, OnnxEmbeddingOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        options ??= new OnnxEmbeddingOptions();
        EncoderFolder files = EncoderFolder.Open(folder);
        _prefix = options.Prefix ?? EmbeddingPrefix.Find(files);
        _encoder = Encoder.Load(files, options, outputs => Choose(outputs, files));
        try
        {
            _pooling = _encoder.Output.IsPerToken ? Pooling.Read(files) : PoolingMode.First;
        }
        catch
        {
            _encoder.Dispose();
            throw;
        }

        _metadata = new EmbeddingGeneratorMetadata("onnx", null, files.Name, _encoder.Output.Width);
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

        int dimensions = _encoder.Output.Width;
        if (options?.Dimensions is int wanted && wanted != dimensions)
        {
            throw new UnsupportedOptionException($"Dimensions is {wanted}, but '{_encoder.Name}' gives {dimensions}. Leave Dimensions out.");
        }

        _encoder.ThrowIfDisposed(this);
        cancellationToken.ThrowIfCancellationRequested();
        if (texts.Length == 0)
        {
            return [];
        }

        Embedding<float>[] embeddings = new Embedding<float>[texts.Length];
        long tokens = await _encoder.RunAsync(
            texts.Length,
            index => _encoder.Tokenizer.Encode(_prefix + texts[index], _encoder.MaxTokens),
            (index, values) => embeddings[index] = new Embedding<float>(Pooling.Pool(values, dimensions, _pooling)) { ModelId = _encoder.Name },
            cancellationToken).ConfigureAwait(false);
        return new GeneratedEmbeddings<Embedding<float>>(embeddings)
        {
            Usage = new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens },
        };
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
    public void Dispose() => _encoder.Dispose();

    private static EncoderOutput Choose(IReadOnlyDictionary<string, NodeMetadata> outputs, EncoderFolder folder)
    {
        if (EncoderOutput.Find(outputs, folder.ModelPath, Pooled, isPerToken: false, width: null) is { } pooled)
        {
            return pooled;
        }

        int? width = folder.Config?.Number("hidden_size") ?? folder.Config?.Number("dim");
        return PerToken.Select(name => EncoderOutput.Find(outputs, folder.ModelPath, name, isPerToken: true, width)).FirstOrDefault(output => output is not null)
            ?? throw new ModelLoadException(
                $"'{folder.ModelPath}' has no output '{Pooled}' of [batch, dimensions], nor {string.Join(" or ", PerToken)} of [batch, tokens, dimensions], but {string.Join(", ", outputs.Keys)}. Export the model as an encoder for feature extraction.")
            { Path = folder.ModelPath };
    }
}
