using System.Buffers;
using Ensemble.Tokenization.Tables;

namespace Ensemble.Tokenization.Merging;

/// <summary>A byte-pair vocabulary ready to encode pieces. Immutable and thread-safe.</summary>
internal sealed unsafe class BytePairVocabulary
{
    // Tokens that end past this point of a window may change with what follows it.
    private const int Trusted = WindowMerger.MaxLength / 2 + 32;

    private readonly MergeList _merges;
    private readonly PairTable _pairs;
    private readonly VocabularyDefinition _definition;
    private readonly SearchValues<byte> _missing;

    public BytePairVocabulary(VocabularyDefinition definition)
    {
        _definition = definition;
        _merges = definition.Merges;
        _pairs = new PairTable(_merges);
        Words = definition is { MatchesWholePieces: true, Unreachable.Count: > 0 } ? new WholePieces(definition.Unreachable) : null;
        Bytes = new TokenBytes(definition);
        _missing = SearchValues.Create(
            [.. Enumerable.Range(0, MergeList.ByteTokens).Select(b => (byte)b).Where(b => definition.IdOf(definition.Merges.TokenOfByte(b)) < 0)]);
    }

    /// <summary>The bytes of each token.</summary>
    public TokenBytes Bytes { get; }

    /// <summary>The largest id that the vocabulary gives out, plus one.</summary>
    public int IdLimit => Bytes.IdLimit;

    private WholePieces? Words { get; }

    /// <summary>The number of tokens in a piece.</summary>
    public long Count(ReadOnlySpan<byte> piece)
    {
        var sink = default(TokenSink);
        Encode(piece, ref sink);
        return sink.Count;
    }

    /// <summary>Adds the tokens of a piece to <paramref name="sink"/>.</summary>
    public void Encode(ReadOnlySpan<byte> piece, ref TokenSink sink)
    {
        if (piece.IsEmpty)
        {
            return;
        }

        if (Words is not null && Words.TryFind(piece, out int whole))
        {
            sink.AddId(whole);
            return;
        }

        if (_definition.HasMissingBytes && DropMissing(piece, ref sink))
        {
            return;
        }

        uint* tokens = stackalloc uint[WindowMerger.MaxLength];
        int start = 0;
        uint before = uint.MaxValue;
        long countBefore = sink.Count;
        while (true)
        {
            int length = Load(piece[start..], tokens);
            int merged = WindowMerger.Merge(_pairs, tokens, length);
            if (before != uint.MaxValue && !MayFollow(before, tokens[0]))
            {
                sink.Truncate(countBefore);
                EncodeWhole(piece, ref sink);
                return;
            }

            bool last = start + length == piece.Length;
            int kept = last ? merged : CountTrusted(tokens, merged);
            for (int i = 0; i < kept; i++)
            {
                sink.Add(tokens[i], _definition);
            }

            if (last)
            {
                return;
            }

            for (int i = 0; i < kept; i++)
            {
                start += Bytes.LengthOf(tokens[i]);
            }

            before = tokens[kept - 1];
        }
    }

    private int CountTrusted(uint* tokens, int count)
    {
        int end = 0;
        int kept = 0;
        while (kept < count)
        {
            int next = end + Bytes.LengthOf(tokens[kept]);
            if (kept > 0 && next > Trusted)
            {
                break;
            }

            end = next;
            kept++;
        }

        return kept;
    }

    private int Load(ReadOnlySpan<byte> bytes, uint* tokens)
    {
        int length = Math.Min(bytes.Length, WindowMerger.MaxLength);
        for (int i = 0; i < length; i++)
        {
            tokens[i] = _merges.TokenOfByte(bytes[i]);
        }

        return length;
    }

    // A byte without a token vanishes, and what it stood between becomes adjacent.
    private bool DropMissing(ReadOnlySpan<byte> piece, ref TokenSink sink)
    {
        if (!piece.ContainsAny(_missing))
        {
            return false;
        }

        using var kept = new NativeArray<byte>(piece.Length);
        int length = 0;
        foreach (byte b in piece)
        {
            if (_definition.IdOf(_merges.TokenOfByte(b)) >= 0)
            {
                kept.Pointer[length++] = b;
            }
        }

        Encode(new ReadOnlySpan<byte>(kept.Pointer, length), ref sink);
        return true;
    }

    private void EncodeWhole(ReadOnlySpan<byte> piece, ref TokenSink sink)
    {
        using var tokens = new NativeArray<uint>(piece.Length);
        for (int i = 0; i < piece.Length; i++)
        {
            tokens.Pointer[i] = _merges.TokenOfByte(piece[i]);
        }

        int count = HeapMerger.Merge(_pairs, tokens.Pointer, piece.Length);
        for (int i = 0; i < count; i++)
        {
            sink.Add(tokens.Pointer[i], _definition);
        }
    }

    /// <summary>
    /// Whether encoding the bytes of two tokens together gives these two tokens. A sequence in which each neighbour may follow is the encoding of the
    /// whole (van Antwerpen and Neubeck, "So many tokens, so little time", GitHub 2024), so windows may be encoded apart and checked where they meet.
    /// </summary>
    internal bool MayFollow(uint left, uint right)
    {
        // Undo the merges on both sides of the seam from the last back; if the parts at the seam would have merged with each other earlier, they may not.
        uint limit = uint.MaxValue;
        while (true)
        {
            uint joined = _pairs.Find(left, right);
            if (joined != PairTable.None && joined < limit)
            {
                return false;
            }

            bool undoLeft = left > right;
            if (undoLeft ? left < MergeList.ByteTokens : right < MergeList.ByteTokens)
            {
                // Single bytes have the lowest ranks, so both are: nothing is left to undo.
                return true;
            }

            if (undoLeft)
            {
                limit = left;
                left = _merges.Right(left);
            }
            else
            {
                limit = right + 1;
                right = _merges.Left(right);
            }
        }
    }
}
