using Microsoft.ML.OnnxRuntime;

namespace Ensemble.Onnx;

/// <summary>A loaded encoder: its tokenizer, its session and its queue, whatever is made of what it computes.</summary>
internal sealed class Encoder : IDisposable
{
    private readonly EncoderSession _session;

    private readonly EncoderQueue _queue;

    private readonly int _maxBatchSize;

    private Encoder(EncoderFolder folder, EncoderTokenizer tokenizer, EncoderSession session, OnnxEncoderOptions options, int maxTokens)
    {
        Name = folder.Name;
        Tokenizer = tokenizer;
        MaxTokens = maxTokens;
        _session = session;
        _queue = new EncoderQueue(folder.Name, options);
        _maxBatchSize = options.MaxBatchSize;
    }

    /// <summary>The name of the folder.</summary>
    internal string Name { get; }

    internal EncoderTokenizer Tokenizer { get; }

    internal EncoderOutput Output => _session.Output;

    /// <summary>The most tokens of one input.</summary>
    internal int MaxTokens { get; }

    /// <summary>Loads an encoder.</summary>
    /// <exception cref="ModelLoadException">A file is missing or cannot be followed, or the native runtime is missing.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    internal static Encoder Load(EncoderFolder folder, OnnxEncoderOptions options, Func<IReadOnlyDictionary<string, NodeMetadata>, EncoderOutput> choose, bool pairs = false)
    {
        options.Check();
        EncoderTokenizer tokenizer = EncoderTokenizer.Load(folder);
        if (pairs && !tokenizer.ReadsPairs)
        {
            throw new ModelLoadException($"'{folder.TokenizerPath}' has no layout for a pair of texts (post_processor.pair): use a model that was trained on pairs.") { Path = folder.TokenizerPath };
        }

        int maxTokens = LimitOf(folder, tokenizer.LeastTokens(pairs), tokenizer.Limit, options);
        return new Encoder(folder, tokenizer, EncoderSession.Load(folder.ModelPath, options.Threads, tokenizer.PaddingId, choose), options, maxTokens);
    }

    internal void ThrowIfDisposed(object owner) => _session.ThrowIfDisposed(owner);

    /// <summary>Computes some inputs: first all are read, then batch after batch, each in its turn.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="read">Reads one; called on a thread of the pool.</param>
    /// <param name="take">Takes the result of each, in any order.</param>
    /// <param name="cancellationToken">Stops the computation between two operators of the model.</param>
    /// <returns>The tokens read, padding not counted.</returns>
    /// <exception cref="ModelBusyException">More calls are waiting than allowed.</exception>
    internal async Task<long> RunAsync(int count, Func<int, EncoderInput> read, EncoderRow take, CancellationToken cancellationToken)
    {
        _session.Enter();
        try
        {
            return await RunInTurnsAsync(count, read, take, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _session.Leave();
        }
    }

    public void Dispose() => _session.Dispose();

    private async Task<long> RunInTurnsAsync(int count, Func<int, EncoderInput> read, EncoderRow take, CancellationToken cancellationToken)
    {
        _queue.Enter();
        try
        {
            EncoderInput[] inputs = new EncoderInput[count];
            List<int[]> batches = await _queue.InTurnAsync(() => Read(inputs, read, cancellationToken), cancellationToken).ConfigureAwait(false);
            foreach (int[] batch in batches)
            {
                // A turn for each: who gives one sentence does not wait until somebody else's index is made.
                await _queue.InTurnAsync(() => Compute(inputs, batch, take, cancellationToken), cancellationToken).ConfigureAwait(false);
            }

            return inputs.Sum(static input => (long)input.Length);
        }
        finally
        {
            _queue.Leave();
        }
    }

    private static int LimitOf(EncoderFolder folder, int least, int? most, OnnxEncoderOptions options)
    {
        if (options.MaxTokens is { } given && (given > (most ?? int.MaxValue) || given < least))
        {
            throw new ArgumentOutOfRangeException(nameof(options), given, $"{nameof(OnnxEncoderOptions.MaxTokens)} is {given}, and '{folder.Name}' reads from {least} to {most} tokens: give a number within, or leave it out.");
        }

        return options.MaxTokens ?? most ?? throw new ModelLoadException(
            $"'{folder.Path}' does not say how much the model reads: set {nameof(OnnxEncoderOptions.MaxTokens)}, or write max_position_embeddings into config.json.")
        { Path = folder.Path };
    }

    private List<int[]> Read(EncoderInput[] inputs, Func<int, EncoderInput> read, CancellationToken cancellationToken)
    {
        for (int i = 0; i < inputs.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            inputs[i] = read(i);
        }

        return EncoderBatches.Plan(inputs, _maxBatchSize);
    }

    private bool Compute(EncoderInput[] inputs, int[] batch, EncoderRow take, CancellationToken cancellationToken)
    {
        _session.Run(inputs, batch, take, cancellationToken);
        return true;
    }
}
