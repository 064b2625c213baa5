using System.Runtime.InteropServices;

namespace Ensemble.Onnx.Tests.Encoders;

/// <summary>Writes an ONNX graph (onnx.proto, opset 17) node by node.</summary>
internal sealed class OnnxGraph
{
    public const int FloatType = 1;
    public const int Int32Type = 6;
    public const int Int64Type = 7;
    public const int BooleanType = 9;

    private readonly ProtobufWriter _graph = new ProtobufWriter().Text(2, "tiny");

    private int _names;

    /// <summary>Declares an input or output; 0 leaves a dimension open.</summary>
    public OnnxGraph Input(string name, int type, params int[] shape) => Declare(11, name, type, shape);

    public OnnxGraph Output(string name, int type, params int[] shape) => Declare(12, name, type, shape);

    public string Constant(float[] values, params int[] shape) => Tensor(FloatType, MemoryMarshal.AsBytes<float>(values), shape);

    public string Constant(long[] values) => Tensor(Int64Type, MemoryMarshal.AsBytes<long>(values), [values.Length]);

    /// <summary>Adds a node with one output, whose name it gives.</summary>
    public string Node(string operation, string[] inputs, string? output = null, params (string Name, long Value)[] attributes)
    {
        output ??= $"t{_names++}";
        _graph.Message(1, node =>
        {
            foreach (string input in inputs)
            {
                node.Text(1, input);
            }

            node.Text(2, output).Text(4, operation);
            foreach ((string name, long value) in attributes)
            {
                node.Message(5, attribute => attribute.Text(1, name).Number(3, value).Number(20, 2));
            }
        });
        return output;
    }

    public void Save(string path) => File.WriteAllBytes(path, new ProtobufWriter().Number(1, 8).Bytes(7, _graph.ToArray()).Message(8, set => set.Text(1, "").Number(2, 17)).ToArray());

    private OnnxGraph Declare(int field, string name, int type, int[] shape)
    {
        _graph.Message(field, info => info.Text(1, name).Message(2, kind => kind.Message(1, tensor => tensor.Number(1, type).Message(2, dimensions =>
        {
            for (int i = 0; i < shape.Length; i++)
            {
                (int size, string free) = (shape[i], $"d{i}");
                dimensions.Message(1, dimension => _ = size > 0 ? dimension.Number(1, size) : dimension.Text(2, free));
            }
        }))));
        return this;
    }

    private string Tensor(int type, ReadOnlySpan<byte> raw, int[] shape)
    {
        string name = $"c{_names++}";
        byte[] bytes = raw.ToArray();
        _graph.Message(5, tensor =>
        {
            foreach (int size in shape)
            {
                tensor.Number(1, size);
            }

            tensor.Number(2, type).Text(8, name).Bytes(9, bytes);
        });
        return name;
    }
}
