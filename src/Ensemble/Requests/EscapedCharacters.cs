using System.Globalization;
using System.Text;

namespace Ensemble;

/// <summary>Reads characters that are written by their numbers or names: escapes of JSON and of programming languages, entities of HTML, percent encoding.</summary>
internal static class EscapedCharacters
{
    /// <summary>Reads what begins with a backslash, an ampersand or a percent sign.</summary>
    /// <param name="text">The text from that sign on.</param>
    /// <param name="value">What is meant.</param>
    /// <returns>How many characters it takes; 0 when it is none of these.</returns>
    public static int Read(ReadOnlySpan<char> text, out string? value) => text[0] switch
    {
        '\\' => Escaped(text, out value),
        '&' => Entity(text, out value),
        _ => Percent(text, out value),
    };

    // \u0040, \u{40}, \U00000040, \x40, \n, and a character that needs no escape.
    private static int Escaped(ReadOnlySpan<char> text, out string? value)
    {
        value = null;
        if (text.Length < 2)
        {
            return 0;
        }

        switch (text[1])
        {
            case 'u' when text.Length > 3 && text[2] == '{' && text[..Math.Min(text.Length, 11)].IndexOf('}') is > 3 and var close:
                value = Character(text[3..close]);
                return value is null ? 0 : close + 1;
            case 'u' when text.Length >= 6 && ushort.TryParse(text[2..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code):
                // Half of a pair is written as it stands; the other half follows.
                value = ((char)code).ToString();
                return 6;
            case 'U' when text.Length >= 10:
                value = Character(text[2..10]);
                return value is null ? 0 : 10;
            case 'x' when text.Length >= 4:
                value = Character(text[2..4]);
                return value is null ? 0 : 4;
            case 'n' or 'r':
                value = "\n";
                return 2;
            case 't':
                value = "\t";
                return 2;
            case < (char)128 and var c when char.IsPunctuation(c) || char.IsSymbol(c):
                value = c.ToString();
                return 2;
            default:
                return 0;
        }
    }

    private static int Entity(ReadOnlySpan<char> text, out string? value)
    {
        value = null;
        ReadOnlySpan<char> near = text[..Math.Min(text.Length, 12)];
        if (near.Length > 2 && near[1] == '#')
        {
            bool hexadecimal = near[2] is 'x' or 'X';
            int first = hexadecimal ? 3 : 2;
            int end = first;
            while (end < near.Length && (hexadecimal ? char.IsAsciiHexDigit(near[end]) : char.IsAsciiDigit(near[end])))
            {
                end++;
            }

            value = end == first ? null : Character(near[first..end], hexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None);
            return value is null ? 0 : end + (end < text.Length && text[end] == ';' ? 1 : 0);
        }

        int semicolon = near.IndexOf(';');
        value = semicolon < 2 ? null : near[1..semicolon] switch
        {
            "amp" or "AMP" => "&",
            "commat" => "@",
            "period" => ".",
            "plus" => "+",
            "hyphen" or "dash" or "ndash" or "minus" or "mdash" => "-",
            "lowbar" => "_",
            "lpar" => "(",
            "rpar" => ")",
            "sol" => "/",
            "colon" => ":",
            "equals" => "=",
            "percnt" => "%",
            "bsol" => "\\",
            "lt" => "<",
            "gt" => ">",
            "quot" => "\"",
            "apos" => "'",
            "nbsp" or "ensp" or "emsp" or "thinsp" or "NonBreakingSpace" or "Tab" or "NewLine" => " ",
            "shy" or "zwj" or "zwnj" or "ZeroWidthSpace" or "NoBreak" => "",
            _ => null,
        };
        return value is null ? 0 : semicolon + 1;
    }

    // A run of bytes, since a character of Korean has three.
    private static int Percent(ReadOnlySpan<char> text, out string? value)
    {
        value = null;
        int count = 0;
        while ((count * 3) + 2 < text.Length && text[count * 3] == '%' && char.IsAsciiHexDigit(text[(count * 3) + 1]) && char.IsAsciiHexDigit(text[(count * 3) + 2]))
        {
            count++;
        }

        if (count == 0)
        {
            return 0;
        }

        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++)
        {
            bytes[i] = byte.Parse(text.Slice((i * 3) + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        }

        value = Encoding.UTF8.GetString(bytes);
        return count * 3;
    }

    private static string? Character(ReadOnlySpan<char> digits, NumberStyles style = NumberStyles.AllowHexSpecifier) =>
        int.TryParse(digits, style, CultureInfo.InvariantCulture, out int code) && Rune.IsValid(code) ? new Rune(code).ToString() : null;
}
