using Microsoft.ML.OnnxRuntime;

namespace Ensemble.Onnx;

/// <summary>The native session of an encoder; disposing it waits for nobody: the last run that is under way frees it.</summary>
internal sealed class EmbeddingSession : IDisposable
{
    private static readonly string[] InputNames = ["input_ids", "attention_mask"];

    private static readonly string[] OutputNames = ["sentence_embedding"];

    private readonly Lock _gate = new();

    private readonly InferenceSession _session;

    private int _users = 1;

    private bool _disposed;

    private EmbeddingSession(InferenceSession session, int dimensions)
    {
        _session = session;
        Dimensions = dimensions;
    }

    /// <summary>Gets the length of a vector.</summary>
    internal int Dimensions { get; }

    /// <summary>Loads a model and checks that its inputs and output are those of a sentence encoder that pools and normalises itself.</summary>
    /// <exception cref="ModelLoadException">The file is not such a model, or the native runtime is missing.</exception>
    internal static EmbeddingSession Load(string path, int threads)
    {
        InferenceSession? session = null;
        try
        {
            using SessionOptions options = new() { IntraOpNumThreads = threads, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
            session = new InferenceSession(path, options);
            int dimensions = Probe(session, path);
            EmbeddingSession loaded = new(session, dimensions);
            session = null;
            return loaded;
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException)
        {
            throw new ModelLoadException(
                "The native ONNX Runtime was not found. Add the package Ensemble.Models.E5Small, or Microsoft.ML.OnnxRuntime, to the application.", e)
            { Path = path };
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelLoadException($"'{path}' cannot be loaded: {e.Message} Copy the file again from the model's package.", e) { Path = path };
        }
        finally
        {
            session?.Dispose();
        }
    }

    /// <summary>Computes the vectors of some inputs, padded on the right to the longest.</summary>
    /// <exception cref="OperationCanceledException">The token fired; the runtime stops between two operators.</exception>
    internal float[][] Run(int[][] inputs, int[] batch, CancellationToken cancellationToken)
    {
        Enter();
        try
        {
            using RunOptions options = new();
            using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(static o => ((RunOptions)o!).Terminate = true, options);
            return Run(inputs, batch, options);
        }
        catch (OnnxRuntimeException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        finally
        {
            Leave();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
        }

        Leave();
    }

    internal void ThrowIfDisposed()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(OnnxEmbeddingGenerator));
        }
    }

    private static int Probe(InferenceSession session, string path)
    {
        foreach (string name in InputNames)
        {
            if (!session.InputMetadata.ContainsKey(name))
            {
                throw new ModelLoadException($"'{path}' has no input '{name}'. Export the model as a sentence encoder with input_ids and attention_mask.") { Path = path };
            }
        }

        if (!session.OutputMetadata.TryGetValue(OutputNames[0], out NodeMetadata? output) || output.Dimensions is not [_, > 0])
        {
            throw new ModelLoadException($"'{path}' has no output 'sentence_embedding' of [batch, dimensions]. Export the model with its pooling inside.") { Path = path };
        }

        return output.Dimensions[1];
    }

    private float[][] Run(int[][] inputs, int[] batch, RunOptions options)
    {
        int width = 0;
        foreach (int index in batch)
        {
            width = Math.Max(width, inputs[index].Length);
        }

        long[] ids = new long[batch.Length * width];
        long[] mask = new long[ids.Length];
        Array.Fill(ids, EmbeddingTokenizer.PaddingId);
        for (int row = 0; row < batch.Length; row++)
        {
            int[] input = inputs[batch[row]];
            for (int i = 0; i < input.Length; i++)
            {
                ids[row * width + i] = input[i];
                mask[row * width + i] = 1;
            }
        }

        long[] shape = [batch.Length, width];
        using OrtValue idsValue = OrtValue.CreateTensorValueFromMemory(ids, shape);
        using OrtValue maskValue = OrtValue.CreateTensorValueFromMemory(mask, shape);
        using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(options, InputNames, [idsValue, maskValue], OutputNames);
        ReadOnlySpan<float> values = outputs[0].GetTensorDataAsSpan<float>();
        float[][] vectors = new float[batch.Length][];
        for (int row = 0; row < vectors.Length; row++)
        {
            vectors[row] = values.Slice(row * Dimensions, Dimensions).ToArray();
        }

        return vectors;
    }

    private void Enter()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(OnnxEmbeddingGenerator));
            _users++;
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            if (--_users > 0)
            {
                return;
            }
        }

        _session.Dispose();
    }
}
