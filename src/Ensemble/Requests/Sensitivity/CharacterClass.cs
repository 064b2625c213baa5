using System.Runtime.CompilerServices;

namespace Ensemble;

/// <summary>
/// What an ASCII character can be part of, by one look into a table: a call of <see cref="char"/> or of a search set for each neighbour of
/// each anchor took a third of the scan.
/// </summary>
internal static class CharacterClass
{
    public const byte Digit = 1;
    public const byte Letter = 2;

    /// <summary>The hyphen and the underscore: with letters and digits they make tokens.</summary>
    public const byte Joiner = 4;

    /// <summary>What the local part of an e-mail address may hold beside letters and digits.</summary>
    public const byte LocalMark = 8;

    /// <summary>What can part two groups of digits.</summary>
    public const byte Separator = 16;

    /// <summary>What a label of a domain may hold.</summary>
    public const byte Label = 32;

    /// <summary>What may follow the first digit of something that is looked for: M, N and O in the Base64 of a number.</summary>
    public const byte BehindDigit = 64;

    /// <summary>The last characters of prefixes that end with a hyphen.</summary>
    public const byte BeforeHyphen = 128;

    public const byte Word = Digit | Letter;

    private static readonly byte[] Table = Build();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Is(char c, byte classes)
    {
        byte[] table = Table;
        return c < (uint)table.Length && (table[c] & classes) != 0;
    }

    /// <summary>Gets everything that an ASCII character can be part of; nothing for any other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte Of(char c)
    {
        byte[] table = Table;
        return c < (uint)table.Length ? table[c] : (byte)0;
    }

    private static byte[] Build()
    {
        byte[] table = new byte[128];
        for (char c = '\0'; c < table.Length; c++)
        {
            table[c] = (byte)(
                (char.IsAsciiDigit(c) ? Digit : 0)
                | (char.IsAsciiLetter(c) ? Letter : 0)
                | (c is '-' or '_' ? Joiner : 0)
                | (c is '.' or '_' or '%' or '+' or '-' or '\'' ? LocalMark : 0)
                | (c is ' ' or '-' or '.' or '/' or '(' or ')' ? Separator : 0)
                | (char.IsAsciiLetterOrDigit(c) || c == '-' ? Label : 0)
                | (char.IsAsciiDigit(c) || c is ' ' or '-' or '.' or '(' or ')' or 'M' or 'N' or 'O' ? BehindDigit : 0)
                | (c is 'k' or 'b' or 'a' or 'p' or 'r' or 's' or 't' or 'i' or 'x' or 'X' ? BeforeHyphen : 0));
        }

        return table;
    }
}
