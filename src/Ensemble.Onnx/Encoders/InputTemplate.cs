namespace Ensemble.Onnx;

/// <summary>The marks that a model wants around one text and around a pair, and how both are cut to its length.</summary>
internal sealed class InputTemplate
{
    private readonly Part[] _single;

    private readonly Part[]? _pair;

    internal InputTemplate(Part[] single, Part[]? pair)
    {
        _single = single;
        _pair = pair;
    }

    /// <summary>Whether the model has a layout for two texts.</summary>
    internal bool HasPair => _pair is not null;

    /// <summary>BERT's layout: <c>[CLS] a [SEP]</c> and <c>[CLS] a [SEP] b [SEP]</c>, the second text and its mark of the second type.</summary>
    internal static InputTemplate Bert(int begin, int end) =>
        new([Part.Mark(begin), Part.First, Part.Mark(end)], [Part.Mark(begin), Part.First, Part.Mark(end), Part.Second(1), Part.Mark(end, 1)]);

    /// <summary>RoBERTa's layout: <c>&lt;s&gt; a &lt;/s&gt;</c> and <c>&lt;s&gt; a &lt;/s&gt;&lt;/s&gt; b &lt;/s&gt;</c>, all of one type.</summary>
    internal static InputTemplate Roberta(int begin, int end) =>
        new([Part.Mark(begin), Part.First, Part.Mark(end)], [Part.Mark(begin), Part.First, Part.Mark(end), Part.Mark(end), Part.Second(0), Part.Mark(end)]);

    /// <summary>Counts the marks around one text, or around a pair.</summary>
    internal int CountMarks(bool pair) => Marks(pair ? _pair! : _single);

    /// <summary>Puts the marks around one text, whose end is cut off if it is too long.</summary>
    internal EncoderInput Apply(ReadOnlySpan<int> text, int maxTokens) =>
        Write(_single, text[..Math.Min(text.Length, maxTokens - Marks(_single))], []);

    /// <summary>Puts the marks around a pair; if it is too long, the end of the longer text is cut off, and of both when each is longer than half.</summary>
    internal EncoderInput Apply(ReadOnlySpan<int> first, ReadOnlySpan<int> second, int maxTokens)
    {
        int room = maxTokens - Marks(_pair!);
        if (first.Length + second.Length > room)
        {
            int shorter = Math.Min(Math.Min(first.Length, second.Length), room / 2);
            (int a, int b) = first.Length <= second.Length ? (shorter, room - shorter) : (room - shorter, shorter);
            first = first[..a];
            second = second[..b];
        }

        return Write(_pair!, first, second);
    }

    private static EncoderInput Write(Part[] parts, ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        int[] ids = new int[Marks(parts) + first.Length + second.Length];
        int count = 0;
        int secondFrom = ids.Length;
        foreach (Part part in parts)
        {
            secondFrom = part.Type == 1 ? Math.Min(secondFrom, count) : secondFrom;
            switch (part.Text)
            {
                case 1:
                    first.CopyTo(ids.AsSpan(count));
                    count += first.Length;
                    break;
                case 2:
                    second.CopyTo(ids.AsSpan(count));
                    count += second.Length;
                    break;
                default:
                    ids[count++] = part.Id;
                    break;
            }
        }

        return new EncoderInput(ids, secondFrom);
    }

    private static int Marks(Part[] parts) => parts.Count(part => part.Text == 0);

    /// <summary>A mark or the place of a text.</summary>
    /// <param name="Id">The mark's id.</param>
    /// <param name="Text">1 or 2 where the first or second text stands, 0 for a mark.</param>
    /// <param name="Type">The type of its tokens, 0 or 1.</param>
    internal readonly record struct Part(int Id, int Text, int Type)
    {
        internal static Part First { get; } = new(0, 1, 0);

        internal static Part Mark(int id, int type = 0) => new(id, 0, type);

        internal static Part Second(int type) => new(0, 2, type);
    }
}
