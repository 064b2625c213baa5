using Ensemble.Tokenization.Tables;

namespace Ensemble.Tokenization.Merging;

/// <summary>The bytes each token stands for, spelled out from the merges when first asked for.</summary>
internal sealed class TokenBytes
{
    private readonly VocabularyDefinition _definition;
    private readonly Lazy<Spelling> _spelling;

    public TokenBytes(VocabularyDefinition definition)
    {
        _definition = definition;
        IdLimit = definition.Ids is null ? definition.Merges.TokenCount : Math.Max(definition.Ids.Max(), MaxUnreachable(definition)) + 1;
        _spelling = new(SpellTokens);
    }

    /// <summary>The largest id, plus one.</summary>
    public int IdLimit { get; }

    /// <summary>The bytes of the token of an id; false when no token has it.</summary>
    public bool TryGet(int id, out ReadOnlySpan<byte> bytes)
    {
        Spelling spelling = _spelling.Value;
        if ((uint)id >= (uint)IdLimit || spelling.Starts[id] < 0)
        {
            bytes = default;
            return false;
        }

        bytes = spelling.Bytes.AsSpan(spelling.Starts[id], spelling.Lengths[id]);
        return true;
    }

    /// <summary>The length of the longest token that merges lead to.</summary>
    public int LongestMerged() => MeasureTokens().Max();

    private static int MaxUnreachable(VocabularyDefinition definition) =>
        definition.Unreachable.Count == 0 ? -1 : definition.Unreachable.Max(piece => piece.Value);

    private ushort[] MeasureTokens()
    {
        MergeList merges = _definition.Merges;
        var lengths = new ushort[merges.TokenCount];
        lengths.AsSpan(0, MergeList.ByteTokens).Fill(1);
        for (uint token = MergeList.ByteTokens; token < lengths.Length; token++)
        {
            lengths[token] = checked((ushort)(lengths[merges.Left(token)] + lengths[merges.Right(token)]));
        }

        return lengths;
    }

    private Spelling SpellTokens()
    {
        MergeList merges = _definition.Merges;
        ushort[] lengths = MeasureTokens();
        int total = lengths.Sum(length => length) + _definition.Unreachable.Sum(piece => piece.Key.Length);
        var spelling = new Spelling(new byte[total], new int[IdLimit], new ushort[IdLimit]);
        spelling.Starts.AsSpan().Fill(-1);
        var startOf = new int[merges.TokenCount];
        int end = 0;
        for (int b = 0; b < MergeList.ByteTokens; b++)
        {
            startOf[merges.TokenOfByte((byte)b)] = end;
            Enter(merges.TokenOfByte((byte)b), [(byte)b]);
        }

        for (uint token = MergeList.ByteTokens; token < lengths.Length; token++)
        {
            startOf[token] = end;
            uint left = merges.Left(token);
            uint right = merges.Right(token);
            Span<byte> bytes = spelling.Bytes.AsSpan(end, lengths[token]);
            spelling.Bytes.AsSpan(startOf[left], lengths[left]).CopyTo(bytes);
            spelling.Bytes.AsSpan(startOf[right], lengths[right]).CopyTo(bytes[lengths[left]..]);
            Enter(token, bytes);
        }

        foreach ((byte[] bytes, int id) in _definition.Unreachable)
        {
            EnterId(id, bytes);
        }

        return spelling;

        void Enter(uint token, ReadOnlySpan<byte> bytes) => EnterId(_definition.IdOf(token), bytes);

        void EnterId(int id, ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(spelling.Bytes.AsSpan(end));
            if (id >= 0)
            {
                spelling.Starts[id] = end;
                spelling.Lengths[id] = (ushort)bytes.Length;
            }

            end += bytes.Length;
        }
    }

    private sealed record Spelling(byte[] Bytes, int[] Starts, ushort[] Lengths);
}
