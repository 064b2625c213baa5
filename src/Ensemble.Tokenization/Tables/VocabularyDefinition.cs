namespace Ensemble.Tokenization.Tables;

/// <summary>What a byte-pair vocabulary consists of, read or built.</summary>
internal sealed class VocabularyDefinition
{
    private readonly byte[]? _owner;

    /// <summary>A definition over a table that outlives it.</summary>
    public VocabularyDefinition(MergeList merges) => Merges = merges;

    /// <summary>A definition over a pinned table that it keeps alive.</summary>
    public unsafe VocabularyDefinition(byte[] pinnedMerges)
    {
        _owner = pinnedMerges;
        fixed (byte* data = pinnedMerges)
        {
            Merges = new MergeList(data, pinnedMerges.Length);
        }
    }

    /// <summary>The merges, with tokens numbered by rank.</summary>
    public MergeList Merges { get; }

    /// <summary>The id of each token by rank, -1 for a byte that has none; null when rank and id are the same.</summary>
    public int[]? Ids { get; init; }

    /// <summary>Bytes that have no token: they are dropped before merging.</summary>
    public bool HasMissingBytes { get; init; }

    /// <summary>Tokens that no merges lead to, and their ids.</summary>
    public IReadOnlyList<KeyValuePair<byte[], int>> Unreachable { get; init; } = [];

    /// <summary>Whether a piece that is one of <see cref="Unreachable"/> is that token all the same.</summary>
    public bool MatchesWholePieces { get; init; }

    /// <summary>The id of a token.</summary>
    public int IdOf(uint token) => Ids is null ? (int)token : Ids[token];
}
