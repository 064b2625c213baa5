using System.Buffers;
using System.Numerics;
using Ensemble.Tokenization.Kernels;
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
    private readonly SearchValues<byte>? _missing;
    private readonly WholePieces? _words;
    private readonly Lazy<int> _longestToken;

    public BytePairVocabulary(VocabularyDefinition definition)
    {
        _definition = definition;
        _merges = definition.Merges;
        _pairs = new PairTable(_merges);
        _words = definition is { MatchesWholePieces: true, Unreachable.Count: > 0 } ? new WholePieces(definition.Unreachable) : null;
        Bytes = new TokenBytes(definition);
        _longestToken = new(() => Bytes.LongestMerged());
        if (definition.HasMissingBytes)
        {
            _missing = SearchValues.Create(
                [.. Enumerable.Range(0, MergeList.ByteTokens).Select(b => (byte)b).Where(b => definition.IdOf(definition.Merges.TokenOfByte(b)) < 0)]);
        }
    }

    /// <summary>The merges, with tokens numbered by rank.</summary>
    public MergeList Merges => _merges;

    /// <summary>What the vocabulary was made from.</summary>
    public VocabularyDefinition Definition => _definition;

    /// <summary>The bytes of each token.</summary>
    public TokenBytes Bytes { get; }

    /// <summary>The largest id that the vocabulary gives out, plus one.</summary>
    public int IdLimit => Bytes.IdLimit;

    /// <summary>Whether pieces are what their bytes merge into and nothing else, so that <see cref="CountMany"/> and <see cref="EncodeMany"/> may be asked.</summary>
    public bool MergesOnly => _words is null && !_definition.HasMissingBytes;

    /// <summary>
    /// The length in bytes above which a piece is what those of its bytes that have a token merge into and nothing else; <see cref="int.MaxValue"/> if
    /// there is none.
    /// </summary>
    public int PlainLength => _words is null ? 0 : _definition.HasMissingBytes ? int.MaxValue : _words.LongestPiece;

    /// <summary>Whether every byte has a token.</summary>
    public bool HasAllBytes => !_definition.HasMissingBytes;

    /// <summary>Whether a byte has a token; if not, it vanishes before anything merges.</summary>
    public bool HasToken(byte value) => !_definition.HasMissingBytes || _definition.IdOf(_merges.TokenOfByte(value)) >= 0;

    /// <summary>The bytes of the longest token that merges lead to.</summary>
    public int LongestToken => _longestToken.Value;

    /// <summary>The most bytes that so many tokens stand for; <see cref="long.MaxValue"/> if there is no such limit, since some bytes have no token.</summary>
    public long MaxBytes(long tokens)
    {
        long longest = Math.Max(LongestToken, _words?.LongestPiece ?? 0);
        return _definition.HasMissingBytes || tokens > long.MaxValue / longest ? long.MaxValue : tokens * longest;
    }

    /// <summary>Counts the tokens of some pieces of 1 to <see cref="LaneMerger.MaxLength"/> bytes.</summary>
    public void CountMany<TKernel>(byte** pieces, int* lengths, int count, int* tokenCounts)
        where TKernel : struct, IBlockKernel =>
        LaneMerger.Merge<TKernel>(_pairs, pieces, lengths, count, tokenCounts, null);

    /// <summary>Writes the ids of some pieces of 1 to <see cref="LaneMerger.MaxLength"/> bytes, with that many places for each, and their numbers.</summary>
    public void EncodeMany<TKernel>(byte** pieces, int* lengths, int count, int* idCounts, uint* ids)
        where TKernel : struct, IBlockKernel
    {
        LaneMerger.Merge<TKernel>(_pairs, pieces, lengths, count, idCounts, ids);
        if (_definition.Ids is null)
        {
            return;
        }

        for (int piece = 0; piece < count; piece++)
        {
            uint* own = ids + (LaneMerger.MaxLength * piece);
            for (int i = 0; i < idCounts[piece]; i++)
            {
                own[i] = (uint)_definition.IdOf(own[i]);
            }
        }
    }

    /// <summary>The number of tokens in a piece.</summary>
    public long Count<TKernel>(ReadOnlySpan<byte> piece)
        where TKernel : struct, IBlockKernel
    {
        var sink = default(TokenSink);
        Encode<TKernel>(piece, ref sink);
        return sink.Count;
    }

    /// <summary>Adds the tokens of a piece to <paramref name="sink"/>.</summary>
    public void Encode<TKernel>(ReadOnlySpan<byte> piece, ref TokenSink sink)
        where TKernel : struct, IBlockKernel
    {
        if (piece.IsEmpty)
        {
            return;
        }

        if (_words is not null && _words.TryFind(piece, out int whole))
        {
            sink.AddId(whole);
            return;
        }

        if (_missing is not null && DropMissing<TKernel>(piece, _missing, ref sink))
        {
            return;
        }

        fixed (byte* bytes = piece)
        {
            EncodeBytes<TKernel>(bytes, piece.Length, ref sink);
        }
    }

    private void EncodeBytes<TKernel>(byte* piece, int pieceLength, ref TokenSink sink)
        where TKernel : struct, IBlockKernel
    {
        uint* tokens = stackalloc uint[WindowMerger.MaxLength];
        if (pieceLength <= LaneMerger.MaxLength)
        {
            int count = LaneMerger.Encode<TKernel>(_pairs, piece, pieceLength, tokens);
            AddTokens(tokens, count, ref sink);
            return;
        }

        ushort* starts = stackalloc ushort[WindowMerger.MaxLength + 1];
        int start = 0;
        uint before = uint.MaxValue;
        long countBefore = sink.Count;
        while (true)
        {
            int length = Math.Min(pieceLength - start, WindowMerger.MaxLength);
            int merged = WindowMerger.Merge<TKernel>(_pairs, piece + start, length, tokens, starts);
            if (before != uint.MaxValue && !MayFollow<TKernel>(before, tokens[0]))
            {
                sink.Truncate(countBefore);
                EncodeWhole<TKernel>(piece, pieceLength, ref sink);
                return;
            }

            bool last = start + length == pieceLength;
            int kept = last ? merged : CountTrusted(starts, merged);
            AddTokens(tokens, kept, ref sink);
            if (last)
            {
                return;
            }

            start += starts[kept];
            before = tokens[kept - 1];
        }
    }

    /// <summary>
    /// The tokens, by rank, that some bytes merge into and where each starts, behind the last the length: those of a piece that is longer than
    /// <see cref="PlainLength"/>.
    /// </summary>
    /// <returns>The number of tokens.</returns>
    public int Boundaries<TKernel>(byte* piece, int pieceLength, uint* tokens, int* starts)
        where TKernel : struct, IBlockKernel
    {
        ushort* windowStarts = stackalloc ushort[WindowMerger.MaxLength + 1];
        uint* windowTokens = stackalloc uint[WindowMerger.MaxLength];
        int count = 0;
        int start = 0;
        while (start < pieceLength)
        {
            int length = Math.Min(pieceLength - start, WindowMerger.MaxLength);
            int merged = WindowMerger.Merge<TKernel>(_pairs, piece + start, length, windowTokens, windowStarts);
            if (count > 0 && !MayFollow<TKernel>(tokens[count - 1], windowTokens[0]))
            {
                return WholeBoundaries<TKernel>(piece, pieceLength, tokens, starts);
            }

            int kept = start + length == pieceLength ? merged : CountTrusted(windowStarts, merged);
            for (int i = 0; i < kept; i++)
            {
                tokens[count] = windowTokens[i];
                starts[count++] = start + windowStarts[i];
            }

            start += windowStarts[kept];
        }

        starts[count] = pieceLength;
        return count;
    }

    private int WholeBoundaries<TKernel>(byte* piece, int length, uint* tokens, int* starts)
        where TKernel : struct, IBlockKernel
    {
        for (int i = 0; i < length; i++)
        {
            tokens[i] = _pairs.TokenOfByte(piece[i]);
        }

        int count = HeapMerger.Merge<TKernel>(_pairs, tokens, length);
        starts[0] = 0;
        for (int i = 0; i < count; i++)
        {
            starts[i + 1] = starts[i] + LengthOf(tokens[i]);
        }

        return count;
    }

    private int LengthOf(uint token)
    {
        int length = 1;
        while (token >= MergeList.ByteTokens)
        {
            length += LengthOf(_merges.Right(token));
            token = _merges.Left(token);
        }

        return length;
    }

    private void AddTokens(uint* tokens, int count, ref TokenSink sink)
    {
        if (sink.IsFull)
        {
            sink.Skip(count);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            sink.Add(tokens[i], _definition);
        }
    }

    private static int CountTrusted(ushort* starts, int count)
    {
        int kept = 1;
        while (kept < count && starts[kept + 1] <= Trusted)
        {
            kept++;
        }

        return kept;
    }

    // A byte without a token vanishes, and what it stood between becomes adjacent.
    private bool DropMissing<TKernel>(ReadOnlySpan<byte> piece, SearchValues<byte> missing, ref TokenSink sink)
        where TKernel : struct, IBlockKernel
    {
        if (!piece.ContainsAny(missing))
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

        Encode<TKernel>(new ReadOnlySpan<byte>(kept.Pointer, length), ref sink);
        return true;
    }

    private void EncodeWhole<TKernel>(byte* piece, int length, ref TokenSink sink)
        where TKernel : struct, IBlockKernel
    {
        using var tokens = new NativeArray<uint>(length);
        for (int i = 0; i < length; i++)
        {
            tokens.Pointer[i] = _pairs.TokenOfByte(piece[i]);
        }

        int count = HeapMerger.Merge<TKernel>(_pairs, tokens.Pointer, length);
        AddTokens(tokens.Pointer, count, ref sink);
    }

    /// <summary>
    /// Whether encoding the bytes of two tokens together gives these two tokens. A sequence in which each neighbour may follow is the encoding of the
    /// whole (van Antwerpen and Neubeck, "So many tokens, so little time", GitHub 2024), so windows may be encoded apart and checked where they meet.
    /// </summary>
    internal bool MayFollow<TKernel>(uint left, uint right)
        where TKernel : struct, IBlockKernel
    {
        // Undo the merges on both sides of the seam from the last back; if the parts at the seam would have merged with each other earlier, they may not.
        uint limit = uint.MaxValue;
        while (true)
        {
            uint joined = _pairs.Find<TKernel>(left, right);
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
