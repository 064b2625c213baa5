namespace Ensemble.Tokenization.Merging;

/// <summary>Tokens that stand for a whole piece although no merges lead to them.</summary>
internal sealed class WholePieces
{
    private readonly Dictionary<byte[], int> _ids;
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _lookup;

    public WholePieces(IReadOnlyList<KeyValuePair<byte[], int>> pieces)
    {
        _ids = new Dictionary<byte[], int>(pieces.Count, ByteComparer.Instance);
        foreach ((byte[] bytes, int id) in pieces)
        {
            _ids[bytes] = id;
            LongestPiece = Math.Max(LongestPiece, bytes.Length);
        }

        _lookup = _ids.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>The bytes of the longest of them.</summary>
    public int LongestPiece { get; }

    public bool TryFind(ReadOnlySpan<byte> piece, out int id) => _lookup.TryGetValue(piece, out id);

    private sealed class ByteComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly ByteComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
