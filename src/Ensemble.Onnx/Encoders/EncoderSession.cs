using System.Numerics;
using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace Ensemble.Onnx;

/// <summary>Takes what the model computed of one input: the numbers of the text, or of each of its tokens one after another.</summary>
/// <param name="index">Which input it is.</param>
/// <param name="values">The numbers.</param>
internal delegate void EncoderRow(int index, ReadOnlySpan<float> values);

/// <summary>The native session of an encoder; disposing it waits for nobody: the last call that is under way frees it.</summary>
internal sealed class EncoderSession : IDisposable
{
    private const string Ids = "input_ids";

    private const string Mask = "attention_mask";

    private const string Types = "token_type_ids";

    private readonly Lock _gate = new();

    private readonly InferenceSession _session;

    private readonly string _path;

    private readonly int _paddingId;

    private readonly string[] _inputs;

    private readonly bool[] _areNarrow;

    private readonly string[] _outputs;

    private int _users = 1;

    private bool _disposed;

    private EncoderSession(InferenceSession session, string path, int paddingId, EncoderOutput output)
    {
        _session = session;
        _path = path;
        _paddingId = paddingId;
        Output = output;
        _outputs = [output.Name];
        _inputs = [.. session.InputMetadata.Keys];
        _areNarrow = [.. _inputs.Select(name => session.InputMetadata[name].ElementType == typeof(int))];
    }

    /// <summary>The output that is read.</summary>
    internal EncoderOutput Output { get; }

    /// <summary>Loads a model and checks that its inputs are an encoder's.</summary>
    /// <param name="path">The model.</param>
    /// <param name="threads">The threads of one batch; 0 leaves them to the runtime.</param>
    /// <param name="paddingId">The id that fills shorter rows.</param>
    /// <param name="choose">Chooses the output to read, or throws.</param>
    /// <exception cref="ModelLoadException">The file is not such a model, or the native runtime is missing.</exception>
    internal static EncoderSession Load(string path, int threads, int paddingId, Func<IReadOnlyDictionary<string, NodeMetadata>, EncoderOutput> choose)
    {
        InferenceSession? session = null;
        try
        {
            using SessionOptions options = new() { IntraOpNumThreads = threads, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
            session = new InferenceSession(path, options);
            EncoderOutput output = choose(session.OutputMetadata);
            CheckInputs(session.InputMetadata, path);
            EncoderSession loaded = new(session, path, paddingId, output);
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

    /// <summary>Begins a call, for whose batches the session stays; <see cref="Leave"/> ends it.</summary>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    internal void Enter()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _users++;
        }
    }

    internal void Leave()
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

    /// <summary>Computes a batch of a call, padded on the right to its longest input.</summary>
    /// <exception cref="OperationCanceledException">The token fired; the runtime stops between two operators.</exception>
    /// <exception cref="ModelLoadException">The graph fails on these inputs, or its output has another shape than it says.</exception>
    internal void Run(EncoderInput[] inputs, int[] batch, EncoderRow take, CancellationToken cancellationToken)
    {
        try
        {
            using RunOptions options = new();
            using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(static o => ((RunOptions)o!).Terminate = true, options);
            Run(inputs, batch, take, options);
        }
        catch (OnnxRuntimeException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelLoadException($"'{_path}' fails on a text: {e.Message} Take model and tokenizer from one folder, and a MaxTokens that the model can read.", e) { Path = _path };
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

    internal void ThrowIfDisposed(object owner)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, owner);
        }
    }

    private static void CheckInputs(IReadOnlyDictionary<string, NodeMetadata> inputs, string path)
    {
        foreach (string name in (string[])[Ids, Mask])
        {
            if (!inputs.ContainsKey(name))
            {
                throw new ModelLoadException($"'{path}' has no input '{name}', but {string.Join(", ", inputs.Keys)}. Export the model as an encoder with {Ids} and {Mask}.") { Path = path };
            }
        }

        foreach ((string name, NodeMetadata input) in inputs)
        {
            if (name is not (Ids or Mask or Types))
            {
                throw new ModelLoadException($"'{path}' has the input '{name}', which nothing here fills. Export the model as an encoder with {Ids}, {Mask} and {Types} at most.") { Path = path };
            }

            if (input.ElementType != typeof(long) && input.ElementType != typeof(int))
            {
                throw new ModelLoadException($"'{path}' has the input '{name}' of {input.ElementType.Name}. Export the model with inputs of int64 or int32.") { Path = path };
            }

            if (input.Dimensions is not [<= 0, <= 0])
            {
                throw new ModelLoadException($"'{path}' has the input '{name}' of [{string.Join(", ", input.Dimensions)}]. Export the model with a free batch and a free length (dynamic axes).") { Path = path };
            }
        }
    }

    private void Run(EncoderInput[] inputs, int[] batch, EncoderRow take, RunOptions options)
    {
        int length = 0;
        foreach (int index in batch)
        {
            length = Math.Max(length, inputs[index].Length);
        }

        OrtValue[] values = new OrtValue[_inputs.Length];
        try
        {
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = _areNarrow[i] ? MakeTensor<int>(_inputs[i], inputs, batch, length) : MakeTensor<long>(_inputs[i], inputs, batch, length);
            }

            using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(options, _inputs, values, _outputs);
            Hand(outputs[0], inputs, batch, length, take);
        }
        finally
        {
            foreach (OrtValue? value in values)
            {
                value?.Dispose();
            }
        }
    }

    private OrtValue MakeTensor<T>(string name, EncoderInput[] inputs, int[] batch, int length)
        where T : unmanaged, INumberBase<T>
    {
        T[] values = new T[batch.Length * length];
        if (name == Ids)
        {
            Array.Fill(values, T.CreateChecked(_paddingId));
        }

        for (int row = 0; row < batch.Length; row++)
        {
            EncoderInput input = inputs[batch[row]];
            Span<T> cells = values.AsSpan(row * length, input.Length);
            switch (name)
            {
                case Ids:
                    for (int i = 0; i < cells.Length; i++)
                    {
                        cells[i] = T.CreateChecked(input.Ids[i]);
                    }

                    break;
                case Mask:
                    cells.Fill(T.One);
                    break;
                default:
                    cells[input.SecondFrom..].Fill(T.One);
                    break;
            }
        }

        return OrtValue.CreateTensorValueFromMemory(values, [batch.Length, length]);
    }

    private void Hand(OrtValue output, EncoderInput[] inputs, int[] batch, int length, EncoderRow take)
    {
        long[] shape = output.GetTensorTypeAndShape().Shape;
        long[] expected = Output.IsPerToken ? [batch.Length, length, Output.Width] : [batch.Length, Output.Width];
        if (!shape.AsSpan().SequenceEqual(expected))
        {
            throw new ModelLoadException(
                $"'{_path}' gave '{Output.Name}' of [{string.Join(", ", shape)}] where [{string.Join(", ", expected)}] was expected. Export the model for what it is used for here.")
            { Path = _path };
        }

        ReadOnlySpan<float> values = output.GetTensorDataAsSpan<float>();
        int step = Output.IsPerToken ? length * Output.Width : Output.Width;
        for (int row = 0; row < batch.Length; row++)
        {
            // Padding is on the right: its rows are behind those of the text.
            int count = Output.IsPerToken ? inputs[batch[row]].Length * Output.Width : Output.Width;
            ReadOnlySpan<float> computed = values.Slice(row * step, count);
            if (!float.IsFinite(TensorPrimitives.SumOfMagnitudes(computed)))
            {
                throw new ModelLoadException($"'{_path}' gave '{Output.Name}' with NaN or infinity for a text. Export the model with 32-bit numbers inside.") { Path = _path };
            }

            take(batch[row], computed);
        }
    }
}
