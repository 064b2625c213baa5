namespace Ensemble.Onnx;

/// <summary>The turns of an encoder: so many batches at the same time, so many calls waiting, and never on the caller's thread.</summary>
#pragma warning disable CA1001 // the semaphore holds no handle as long as nobody asks for one, and calls that are under way when the model is disposed still need it
internal sealed class EncoderQueue(string name, OnnxEncoderOptions options)
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _turns = new(options.MaxConcurrency);

    private readonly int _maxCalls = options.MaxConcurrency + options.MaxQueueLength;

    private int _calls;

    /// <summary>Begins a call; <see cref="Leave"/> ends it.</summary>
    /// <exception cref="ModelBusyException">Too many are under way or waiting.</exception>
    internal void Enter()
    {
        if (Interlocked.Increment(ref _calls) > _maxCalls)
        {
            Interlocked.Decrement(ref _calls);
            throw new ModelBusyException($"'{name}' has {_maxCalls} calls under way or waiting. Raise MaxQueueLength, or give several texts in one call.");
        }
    }

    internal void Leave() => Interlocked.Decrement(ref _calls);

    /// <summary>Computes one part of a call in its turn.</summary>
    internal async Task<T> InTurnAsync<T>(Func<T> compute, CancellationToken cancellationToken)
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
}
