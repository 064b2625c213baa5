using System.Runtime.CompilerServices;

namespace Ensemble.Tokenization.Splitting;

/// <summary>Reads characters of two to four bytes from valid UTF-8.</summary>
internal static unsafe class Utf8Decoder
{
    /// <summary>The class of a character outside ASCII, and its bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CharClass ClassOf(byte* at, out int length)
    {
        uint first = at[0];
        if (first < 0xE0)
        {
            length = 2;
            return CharClasses.OfUnit((char)(((first & 0x1F) << 6) | (at[1] & 0x3Fu)));
        }

        if (first < 0xF0)
        {
            length = 3;
            return CharClasses.OfUnit((char)(((first & 0x0F) << 12) | ((at[1] & 0x3Fu) << 6) | (at[2] & 0x3Fu)));
        }

        length = 4;
        return CharClasses.OfCodePoint((int)(((first & 0x07) << 18) | ((at[1] & 0x3Fu) << 12) | ((at[2] & 0x3Fu) << 6) | (at[3] & 0x3Fu)));
    }
}
