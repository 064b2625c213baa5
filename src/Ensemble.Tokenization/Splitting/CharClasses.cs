using System.Runtime.CompilerServices;
using Ensemble.Tokenization.Tables;

namespace Ensemble.Tokenization.Splitting;

/// <summary>
/// The class of every code point in <see cref="UnicodeVersion"/>, the version that tiktoken's expression engine and Hugging Face's were built on.
/// </summary>
/// <remarks>
/// The runtime's own tables are not asked, since they move with the runtime. Layout: 65,536 classes for the basic plane; then, for the other planes,
/// a block number for each 256 code points and the distinct blocks.
/// </remarks>
internal static unsafe class CharClasses
{
    /// <summary>The Unicode version of the table.</summary>
    public const string UnicodeVersion = "16.0";

    /// <summary>The resource that holds the table.</summary>
    public const string ResourceName = "classes.bin";

    public const int BasicPlane = 0x10000;
    public const int BlockSize = 256;
    public const int BlockCount = (0x110000 - BasicPlane) / BlockSize;

    /// <summary>The classes of the 65,536 UTF-16 units; a surrogate alone is <see cref="CharClass.Other"/>, as U+FFFD is.</summary>
    public static readonly byte* Units = EmbeddedTable.Open(ResourceName, out _);

    /// <summary>The class of a UTF-16 unit that is not half of a pair.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CharClass OfUnit(char unit) => (CharClass)Units[unit];

    /// <summary>The class of a code point beyond the basic plane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CharClass OfCodePoint(int codePoint)
    {
        int offset = codePoint - BasicPlane;
        byte* blockNumbers = Units + BasicPlane;
        return (CharClass)(blockNumbers + BlockCount)[(blockNumbers[offset >> 8] << 8) + (offset & 0xFF)];
    }
}
