using System.Globalization;
using System.Text;

namespace Ensemble;

/// <summary>Escape sequences in source code and in JSON that is sent as text: the letter of <c>\n</c> is no part of the word behind it, and <c>\u002B</c> is a character.</summary>
internal static class Escape
{
    private const string Numbered = "\\u";

    private const int Length = 6;

    /// <summary>Says whether the escape of a line break or tabulator ends at an index.</summary>
    public static bool EndsAt(ReadOnlySpan<char> text, int end, int floor) => end >= floor + 2 && text[end - 1] is 'n' or 't' or 'r' && text[end - 2] == '\\';

    /// <summary>Writes characters for escapes by their number (<c>\u002B821012345678</c>, as serializers write whatever could mean something in HTML).</summary>
    /// <returns>The text itself when it holds none.</returns>
    public static string Decode(string text)
    {
        int at = text.IndexOf(Numbered, StringComparison.Ordinal);
        if (at < 0)
        {
            return text;
        }

        StringBuilder decoded = new(text.Length);
        int from = 0;
        while (at >= 0)
        {
            if (at + Length <= text.Length && ushort.TryParse(text.AsSpan(at + Numbered.Length, Length - Numbered.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code))
            {
                decoded.Append(text, from, at - from).Append((char)code);
                from = at + Length;
            }

            at = text.IndexOf(Numbered, Math.Max(from, at + 1), StringComparison.Ordinal);
        }

        return decoded.Append(text, from, text.Length - from).ToString();
    }
}
