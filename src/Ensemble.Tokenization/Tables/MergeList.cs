using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Ensemble.Tokenization.Tables;

/// <summary>
/// A byte-pair vocabulary as the list of its merges, the smallest form that everything else follows from. Tokens are numbered by rank: 0 to 255 are
/// the single bytes, and token 256 + <i>i</i> joins two tokens of lower rank.
/// </summary>
/// <remarks>
/// Layout, little-endian: magic, format, token count, 0; the token of each byte value (256 bytes); for each token from 256 on five bytes, the low 16 bits
/// of its left part, those of its right part, and a byte with bits 16–19 of both.
/// </remarks>
internal readonly unsafe struct MergeList
{
    /// <summary>The number of single bytes, which come first.</summary>
    public const int ByteTokens = 256;

    /// <summary>A part takes 20 bits, and one number stays free.</summary>
    public const int MaxTokens = 1 << 20;

    private const uint Magic = 0x4C4D_4E45; // "ENML"
    private const uint Format = 1;
    private const int HeaderLength = 16;
    private const int PartsLength = 5;

    private readonly byte* _data;
    private readonly int _length;
    private readonly byte* _byteTokens;
    private readonly byte* _parts;

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
        if (merges < 0 || TokenCount >= MaxTokens || length != HeaderLength + ByteTokens + ((long)PartsLength * merges))
        {
            throw new InvalidDataException($"A merge list of {TokenCount} tokens does not have {length} bytes.");
        }

        _data = data;
        _length = length;
        _byteTokens = data + HeaderLength;
        _parts = _byteTokens + ByteTokens;
    }

    /// <summary>The number of tokens, single bytes included.</summary>
    public int TokenCount { get; }

    /// <summary>The list as it is stored.</summary>
    public ReadOnlySpan<byte> Data => new(_data, _length);

    /// <summary>The token of a byte value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint TokenOfByte(byte value) => _byteTokens[value];

    /// <summary>The tokens of the 256 byte values.</summary>
    public byte* ByteTokensInOrder => _byteTokens;

    /// <summary>The left part of a token that is not a single byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Left(uint token)
    {
        byte* parts = PartsOf(token);
        return *(ushort*)parts | ((parts[4] & 0x0Fu) << 16);
    }

    /// <summary>The right part of a token that is not a single byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Right(uint token)
    {
        byte* parts = PartsOf(token);
        return *(ushort*)(parts + 2) | ((parts[4] & 0xF0u) << 12);
    }

    /// <summary>Zero if a token that is not a single byte has these parts. Token 255, which is one, can be asked as well, without a meaning.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Difference(uint token, uint left, uint right)
    {
        byte* parts = PartsOf(token);
        uint low = (left & 0xFFFF) | (right << 16);
        uint high = (left >> 16) | ((right >> 16) << 4);
        return (*(uint*)parts ^ low) | (parts[4] ^ high);
    }

    /// <summary>Where the parts of a token that is not a single byte are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* PartsOf(uint token) => _parts + (PartsLength * ((nint)token - ByteTokens));

    /// <summary>Writes a list.</summary>
    /// <param name="byteTokens">The token of each of the 256 byte values, a permutation of 0 to 255.</param>
    /// <param name="merges">The parts of token 256, 257 and so on.</param>
    public static byte[] Write(ReadOnlySpan<byte> byteTokens, ReadOnlySpan<(int Left, int Right)> merges)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(byteTokens.Length, ByteTokens);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(merges.Length, MaxTokens - ByteTokens - 1);
        // Pinned, so that a vocabulary made at run time is read in place as an embedded one is.
        byte[] data = GC.AllocateArray<byte>(HeaderLength + ByteTokens + (PartsLength * merges.Length), pinned: true);
        BinaryPrimitives.WriteUInt32LittleEndian(data, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(4), Format);
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(8), (uint)(ByteTokens + merges.Length));
        byteTokens.CopyTo(data.AsSpan(HeaderLength));
        Span<byte> parts = data.AsSpan(HeaderLength + ByteTokens);
        foreach ((int left, int right) in merges)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(parts, (ushort)left);
            BinaryPrimitives.WriteUInt16LittleEndian(parts[2..], (ushort)right);
            parts[4] = (byte)((left >> 16) | ((right >> 16) << 4));
            parts = parts[PartsLength..];
        }

        return data;
    }
}
