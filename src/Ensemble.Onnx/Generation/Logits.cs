using System.Buffers;
using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntimeGenAI;
using Tensor = Microsoft.ML.OnnxRuntimeGenAI.Tensor;

namespace Ensemble.Onnx;

/// <summary>The logits of the last pass, one row a position; valid until disposed.</summary>
internal readonly ref struct Logits : IDisposable
{
    internal const string OutputName = "logits";

    private readonly Tensor _tensor;
    private readonly float[]? _converted;
    private readonly ReadOnlySpan<float> _values;
    private readonly int _vocabulary;

    private Logits(Tensor tensor, float[]? converted, ReadOnlySpan<float> values, int vocabulary)
    {
        _tensor = tensor;
        _converted = converted;
        _values = values;
        _vocabulary = vocabulary;
    }

    internal int Rows => _values.Length / _vocabulary;

    internal ReadOnlySpan<float> LastRow => _values[^_vocabulary..];

    internal ReadOnlySpan<float> this[int row] => _values.Slice(row * _vocabulary, _vocabulary);

    internal static Logits Read(Generator generator)
    {
        Tensor tensor = generator.GetOutput(OutputName);
        int vocabulary = (int)tensor.Shape()[^1];
        ElementType type = tensor.Type();
        if (type == ElementType.float32)
        {
            return new Logits(tensor, null, tensor.GetData<float>(), vocabulary);
        }

        if (type == ElementType.float16)
        {
            ReadOnlySpan<Half> half = tensor.GetData<Half>();
            float[] converted = ArrayPool<float>.Shared.Rent(half.Length);
            TensorPrimitives.ConvertToSingle(half, converted);
            return new Logits(tensor, converted, converted.AsSpan(0, half.Length), vocabulary);
        }

        tensor.Dispose();
        throw new ModelLoadException($"The model gives its logits as {type}, and only float32 and float16 are understood: export it again with one of these.");
    }

    public void Dispose()
    {
        _tensor.Dispose();
        if (_converted is not null)
        {
            ArrayPool<float>.Shared.Return(_converted);
        }
    }
}
