using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Ensemble.Tokenization.Tables;

/// <summary>
/// A byte-pair vocabulary as the list of its merges, the smallest form that everything else follows from. Tokens are numbered by rank: 0 to 255 are
/// the single bytes, and token 256 + <i>i</i> joins two tokens of lower rank.
/// </summary>
/// <remarks>
/// Layout, little-endian: magic, format, token count, 0; the token of each byte value (256 bytes); for the tokens from 256 on the low 16 bits of their
/// left parts, then of their right parts, then a byte with bits 16–19 of both.
/// </remarks>
internal readonly unsafe struct MergeList
{
    /// <summary>The number of single bytes, which come first.</summary>
    public const int ByteTokens = 256;

    /// <summary>A part takes 20 bits.</summary>
    public const int MaxTokens = 1 << 20;

    private const uint Magic = 0x4C4D_4E45; // "ENML"
    private const uint Format = 1;
    private const int HeaderLength = 16;

    private readonly byte* _data;
    private readonly int _length;
    private readonly byte* _byteTokens;
    private readonly ushort* _left;
    private readonly ushort* _right;
    private readonly byte* _high;

    /// <summary>Reads a list in place.</summary>
    /// <exception cref="InvalidDataException">The header or the length is not that of a merge list.</exception>
    public MergeList(byte* data, int length)
    {
        if (length < HeaderLength + ByteTokens || ((uint*)data)[0] != Magic || ((uint*)data)[1] != Format)
        {
            throw new InvalidDataException("This is not a merge list of format 1.");
        }

        TokenCount = (int)((uint*)data)[2];
        int merges = TokenCount - ByteTokens;
        if (merges < 0 || TokenCount > MaxTokens || length != HeaderLength + ByteTokens + (5L * merges))
        {
            throw new InvalidDataException($"A merge list of {TokenCount} tokens does not have {length} bytes.");
        }

        _data = data;
        _length = length;
        _byteTokens = data + HeaderLength;
        _left = (ushort*)(_byteTokens + ByteTokens);
        _right = _left + merges;
        _high = (byte*)(_right + merges);
    }

    /// <summary>The number of tokens, single bytes included.</summary>
    public int TokenCount { get; }

    /// <summary>The list as it is stored.</summary>
    public ReadOnlySpan<byte> Data => new(_data, _length);

    /// <summary>The token of a byte value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint TokenOfByte(byte value) => _byteTokens[value];

    /// <summary>The left part of a token that is not a single byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Left(uint token) => _left[token - ByteTokens] | ((_high[token - ByteTokens] & 0x0Fu) << 16);

    /// <summary>The right part of a token that is not a single byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Right(uint token) => _right[token - ByteTokens] | ((_high[token - ByteTokens] & 0xF0u) << 12);

    /// <summary>Writes a list.</summary>
    /// <param name="byteTokens">The token of each of the 256 byte values, a permutation of 0 to 255.</param>
    /// <param name="merges">The parts of token 256, 257 and so on.</param>
    public static byte[] Write(ReadOnlySpan<byte> byteTokens, ReadOnlySpan<(int Left, int Right)> merges)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(byteTokens.Length, ByteTokens);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(merges.Length, MaxTokens - ByteTokens);
        // Pinned, so that a vocabulary made at run time is read in place as an embedded one is.
        byte[] data = GC.AllocateArray<byte>(HeaderLength + ByteTokens + (5 * merges.Length), pinned: true);
        BinaryPrimitives.WriteUInt32LittleEndian(data, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(4), Format);
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(8), (uint)(ByteTokens + merges.Length));
        byteTokens.CopyTo(data.AsSpan(HeaderLength));
        Span<byte> left = data.AsSpan(HeaderLength + ByteTokens);
        Span<byte> right = left[(2 * merges.Length)..];
        Span<byte> high = right[(2 * merges.Length)..];
        for (int i = 0; i < merges.Length; i++)
        {
            (int l, int r) = merges[i];
            BinaryPrimitives.WriteUInt16LittleEndian(left[(2 * i)..], (ushort)l);
            BinaryPrimitives.WriteUInt16LittleEndian(right[(2 * i)..], (ushort)r);
            high[i] = (byte)((l >> 16) | ((r >> 16) << 4));
        }

        return data;
    }
}
