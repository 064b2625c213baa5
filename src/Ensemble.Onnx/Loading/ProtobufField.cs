namespace Ensemble.Onnx;

/// <summary>A field of a protobuf message in a file: where it stands, not what it holds (https://protobuf.dev/programming-guides/encoding).</summary>
/// <param name="Number">The field's number.</param>
/// <param name="Start">Where its content begins in the file; of a number, the number itself.</param>
/// <param name="Length">The length of its content in bytes.</param>
/// <param name="Value">The value of a variable-length number; 0 for other fields.</param>
internal readonly record struct ProtobufField(int Number, long Start, int Length, ulong Value)
{
    /// <summary>Walks the fields between two places of a file; contents are stepped over, so a model of gigabytes costs as little as its graph.</summary>
    /// <exception cref="InvalidDataException">What stands there is no message.</exception>
    internal static IEnumerable<ProtobufField> ReadAll(Stream file, long start, long end)
    {
        for (long position = start; position < end;)
        {
            file.Position = position;
            ulong tag = ReadNumber(file);
            long content = file.Position;
            (long length, ulong value) = (tag & 7) switch
            {
                0 => (0, ReadNumber(file)),
                1 => (8L, 0UL),
                2 => ((long)ReadNumber(file), 0UL),
                5 => (4L, 0UL),
                var type => throw new InvalidDataException($"Fields of the wire type {type} are of no message."),
            };
            if ((tag & 7) is 0 or 2)
            {
                (content, length) = (tag & 7) == 0 ? (content, file.Position - content) : (file.Position, length);
            }

            if (length < 0 || length > end - content || length > int.MaxValue)
            {
                throw new InvalidDataException($"A field of {length} bytes does not end within its message.");
            }

            yield return new ProtobufField((int)(tag >> 3), content, (int)length, value);
            position = content + length;
        }
    }

    /// <summary>Walks the fields of the message that this field holds.</summary>
    internal IEnumerable<ProtobufField> ReadAll(Stream file) => ReadAll(file, Start, Start + Length);

    /// <summary>Reads the bytes that this field holds.</summary>
    internal byte[] Read(Stream file)
    {
        byte[] bytes = new byte[Length];
        file.Position = Start;
        file.ReadExactly(bytes);
        return bytes;
    }

    private static ulong ReadNumber(Stream file)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            int next = file.ReadByte();
            if (next < 0)
            {
                throw new InvalidDataException("The file ends within a number.");
            }

            value |= (ulong)(next & 127) << shift;
            if (next < 128)
            {
                return value;
            }
        }

        throw new InvalidDataException("A number has more than 64 bits.");
    }
}
