using System.Text;

namespace Ensemble.Onnx;

/// <summary>
/// Makes a graph give the logits of the last position only, where it has an input for that (<c>num_logits_to_keep</c>, as exporters of Hugging Face
/// models name it). The head of a small model is a fifth of a prompt's work, and only the last position is read. The runtime hands that input to
/// no one, so its default is changed, in the bytes that are loaded: the file stays as it is.
/// </summary>
internal static class LastLogits
{
    private const string Keep = "num_logits_to_keep";

    // The bytes are held once more while the model is loaded; of larger models the head is a small part.
    private const long MaxBytes = 1L << 30;

    // Numbers of fields and types: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3.
    private const int ModelGraph = 7, GraphInitializer = 5, GraphOutput = 12;
    private const int TensorDims = 1, TensorType = 2, TensorName = 8, TensorRawData = 9, Int64 = 7;
    private const int ValueName = 1, ValueType = 2, TypeTensor = 1, TensorShape = 2, ShapeDim = 1, DimParam = 2;

    /// <summary>Reads the model's bytes, changed; <see langword="null"/> if the graph has no such input, and the file is to be loaded as it is.</summary>
    internal static byte[]? TryRead(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 12);
        if (file.Length > MaxBytes)
        {
            return null;
        }

        try
        {
            ProtobufField? count = null;
            ProtobufField? rows = null;
            foreach (ProtobufField graph in ProtobufField.ReadAll(file, 0, file.Length).Where(field => field.Number == ModelGraph))
            {
                foreach (ProtobufField field in graph.ReadAll(file))
                {
                    count ??= field.Number == GraphInitializer ? FindCount(file, field) : null;
                    rows ??= field.Number == GraphOutput ? FindRows(file, field) : null;
                }
            }

            return count is { } number && rows is { } dimension ? ReadChanged(file, number, dimension) : null;
        }
        catch (InvalidDataException)
        {
            // The runtime says better what is wrong with the file.
            return null;
        }
    }

    // The scalar 0, "the logits of all positions", in its eight bytes.
    private static ProtobufField? FindCount(FileStream file, ProtobufField initializer)
    {
        ProtobufField? value = null;
        bool isNamed = false;
        foreach (ProtobufField field in initializer.ReadAll(file))
        {
            switch (field.Number)
            {
                case TensorName when field.Length == Keep.Length:
                    isNamed = Encoding.UTF8.GetString(field.Read(file)) == Keep;
                    break;
                case TensorType when field.Value != Int64:
                case TensorDims:
                    return null;
                case TensorRawData when field.Length == sizeof(long):
                    value = field.Read(file).All(part => part == 0) ? field : null;
                    break;
            }
        }

        return isNamed ? value : null;
    }

    // The second dimension of the logits, if it has a name and no size.
    private static ProtobufField? FindRows(FileStream file, ProtobufField output)
    {
        ProtobufField[] fields = [.. output.ReadAll(file)];
        if (!fields.Any(field => field.Number == ValueName && Encoding.UTF8.GetString(field.Read(file)) == Logits.OutputName))
        {
            return null;
        }

        ProtobufField[] dimensions =
        [
            .. fields.Where(field => field.Number == ValueType)
                .SelectMany(type => type.ReadAll(file)).Where(field => field.Number == TypeTensor)
                .SelectMany(tensor => tensor.ReadAll(file)).Where(field => field.Number == TensorShape)
                .SelectMany(shape => shape.ReadAll(file)).Where(field => field.Number == ShapeDim),
        ];
        return dimensions is [_, { Length: >= 4 and <= 129 } rows, _] && rows.ReadAll(file).All(field => field.Number == DimParam) ? rows : null;
    }

    private static byte[] ReadChanged(FileStream file, ProtobufField count, ProtobufField rows)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)file.Length, pinned: true);
        file.Position = 0;
        file.ReadExactly(bytes);
        bytes[(int)count.Start] = 1;

        // A size of 1 instead of the name; what is left of the name's room holds a denotation (field 3, a text that nothing reads), so that no length changes.
        Span<byte> dimension = bytes.AsSpan((int)rows.Start, rows.Length);
        dimension.Fill((byte)'-');
        ((ReadOnlySpan<byte>)[8, 1, 26, (byte)(rows.Length - 4)]).CopyTo(dimension);
        return bytes;
    }
}
