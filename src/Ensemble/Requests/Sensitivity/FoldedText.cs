using System.Buffers;
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

    /// <summary>Says whether a text holds a character that is written otherwise.</summary>
    public static bool Needs(ReadOnlySpan<char> text) =>
        !Ascii.IsValid(text)
        && (text.ContainsAny(FullWidth) || text.ContainsAny(Punctuation) || text.Contains('\u3000') || text.ContainsAny(Single));

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
            if (Fold(text[i]) is not '\0' and var c)
            {
                folded[length] = c;
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
        '\u00AD' or '\u2060' or '\uFEFF' or (>= '\u200B' and <= '\u200F') => '\0',
        '\u2212' or (>= '\u2010' and <= '\u2013') => '-',
        '\u3000' or '\u202F' or (>= '\u2000' and <= '\u200A') => ' ',
        _ => c,
    };

    private static SearchValues<char> Range(char first, char last) => SearchValues.Create([.. Enumerable.Range(first, last - first + 1).Select(c => (char)c)]);
}
