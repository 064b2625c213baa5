using System.Buffers;
using System.Globalization;
using System.Text;

namespace Ensemble;

/// <summary>
/// Writes a text as the patterns expect it: full-width characters, other hyphens and other blanks as those of ASCII, and without characters that have no width.
/// Korean and Japanese keyboards write the first, word processors the second, and who hides a number the third.
/// </summary>
internal static class FoldedText
{
    private static readonly SearchValues<char> FullWidth = Range('\uFF01', '\uFF5E');

    private static readonly SearchValues<char> Punctuation = Range('\u2000', '\u2013');

    private static readonly SearchValues<char> Single = SearchValues.Create("\u00AD\u202F\u2060\u2212\uFEFF");

    // Dashes and points that are common in prose, and concern nobody unless they part digits.
    private static readonly SearchValues<char> BetweenDigits = SearchValues.Create("\u2014\u2015\u00B7\u2022\u2027\u30FB");

    /// <summary>Says whether a text holds a character that is written otherwise.</summary>
    public static bool Needs(ReadOnlySpan<char> text) =>
        // UTF-16 that was read as bytes has one behind each character.
        text.Contains('\0')
        || (!Ascii.IsValid(text) && HasOther(text));

    private static bool HasOther(ReadOnlySpan<char> text) =>
        text.ContainsAny(FullWidth) || text.ContainsAny(Punctuation) || text.Contains('\u3000') || text.ContainsAny(Single)
            || text.ContainsAnyInRange('\u0300', '\u036F') || text.ContainsAnyInRange('\u2028', '\u202E') || text.ContainsAnyInRange('\u2061', '\u206F') || HasFramedNumbers(text) || text.ContainsAnyInRange('\uFE00', '\uFE6F')
            || HasOtherDigits(text) || text.Contains(Mathematical) || HasPointsBetweenDigits(text);

    /// <summary>Folds a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="origins">The index of each folded character in the text, and of its end.</param>
    /// <returns>The folded text.</returns>
    public static char[] Fold(ReadOnlySpan<char> text, out int[] origins)
    {
        char[] folded = new char[text.Length];
        int[] places = new int[text.Length + 1];
        int length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c is > '\0' and < '\u0080')
            {
                folded[length] = c;
                places[length++] = i;
            }
            else if (c == Mathematical && i + 1 < text.Length && Styled(text[i + 1]) is not '\0' and var plain)
            {
                folded[length] = plain;
                places[length++] = i++;
            }
            else if (IsFramed(c) && ((i > 0 && IsFramed(text[i - 1])) || (i + 1 < text.Length && IsFramed(text[i + 1]))))
            {
                folded[length] = (char)('0' + (int)char.GetNumericValue(c));
                places[length++] = i;
            }
            else if ((c is '\u00B7' or '\u2014' or '\u2015' or '\u2022' or '\u2027' or '\u30FB' && IsBetweenDigits(text, i) ? '-' : Fold(c)) is not '\0' and var other)
            {
                folded[length] = other;
                places[length++] = i;
            }
        }

        places[length] = text.Length;
        Array.Resize(ref folded, length);
        origins = places;
        return folded;
    }

    // '\0' for what is left out; the text's own is left out as well.
    private static char Fold(char c) => c switch
    {
        >= '\uFF01' and <= '\uFF5E' => (char)(c - 0xFEE0),
        '\u00AD' or '\u2060' or '\uFEFF' or (>= '\u200B' and <= '\u200F') or (>= '\u202A' and <= '\u202E') or (>= '\u2061' and <= '\u206F') or (>= '\uFE00' and <= '\uFE0F') => '\0',

        // Accents that stand behind their letter, as some file systems write them.
        >= '\u0300' and <= '\u036F' => '\0',

        // The frame of a digit that is written as a key.
        '\u20E3' => '\0',
        '\u2212' or (>= '\u2010' and <= '\u2013') or '\uFE58' or '\uFE63' => '-',
        '\uFE52' => '.',
        '\uFE59' => '(',
        '\uFE5A' => ')',
        '\uFE62' => '+',
        '\uFE6B' => '@',
        '\u2028' or '\u2029' => '\n',
        > '\u007F' when char.IsDigit(c) => (char)('0' + CharUnicodeInfo.GetDecimalDigitValue(c)),
        '\u3000' or '\u202F' or (>= '\u2000' and <= '\u200A') => ' ',
        _ => c,
    };

    // The first half of mathematical letters and digits, which some write in place of a bold fount.
    private const char Mathematical = '\uD835';

    private static char Styled(char second) => second switch
    {
        >= '\uDFCE' and <= '\uDFFF' => (char)('0' + ((second - 0xDFCE) % 10)),
        >= '\uDC00' and <= '\uDEA3' => (char)(((second - 0xDC00) % 52) is < 26 and var letter ? 'A' + letter : 'a' + ((second - 0xDC00) % 52) - 26),
        _ => '\0',
    };

    // Digits in circles and brackets, raised and lowered; one alone counts the points of a list, or is an exponent.
    private static bool IsFramed(char c) => c is >= '\u2070' and <= '\u2793' and (<= '\u2089' or (>= '\u2460' and <= '\u24FF') or >= '\u2776') && char.GetNumericValue(c) is >= 0 and <= 9 and var value && value == (int)value;

    private static bool HasFramedNumbers(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAnyInRange('\u2070', '\u2793'))
        {
            return false;
        }

        for (int i = 1; i < text.Length; i++)
        {
            if (text[i] >= '\u2070' && IsFramed(text[i]) && IsFramed(text[i - 1]))
            {
                return true;
            }
        }

        return false;
    }

    // Arabic and Persian; of India up to Thailand.
    private static bool HasOtherDigits(ReadOnlySpan<char> text) => text.ContainsAnyInRange('\u0660', '\u06F9') || text.ContainsAnyInRange('\u0966', '\u0E59');

    private static bool HasPointsBetweenDigits(ReadOnlySpan<char> text)
    {
        for (int at = 0; text[at..].IndexOfAny(BetweenDigits) is >= 0 and var step; at += step + 1)
        {
            if (IsBetweenDigits(text, at + step))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsBetweenDigits(ReadOnlySpan<char> text, int at) => IsDigitAt(text, at - 1, -1) && IsDigitAt(text, at + 1, 1);

    // A blank may stand on either side.
    private static bool IsDigitAt(ReadOnlySpan<char> text, int at, int step)
    {
        at += at >= 0 && at < text.Length && text[at] == ' ' ? step : 0;
        return at >= 0 && at < text.Length && char.IsDigit(text[at]);
    }

    private static SearchValues<char> Range(char first, char last) => SearchValues.Create([.. Enumerable.Range(first, last - first + 1).Select(c => (char)c)]);
}
