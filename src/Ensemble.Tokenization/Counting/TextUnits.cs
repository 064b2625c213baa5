using System.Globalization;

namespace Ensemble.Tokenization.Counting;

/// <summary>Finds where a text may be cut.</summary>
internal static class TextUnits
{
    /// <summary>The first place at or after <paramref name="index"/> where a cut splits no unit.</summary>
    public static int NextCut(ReadOnlySpan<char> text, int index, TextUnit unit)
    {
        if (unit == TextUnit.Character)
        {
            return SplitsPair(text, index) ? index + 1 : index;
        }

        int at = CertainGraphemeCut(text, index);
        while (at < index)
        {
            at += StringInfo.GetNextTextElementLength(text[at..]);
        }

        return at;
    }

    /// <summary>The last place at or before <paramref name="index"/> where a cut splits no unit.</summary>
    public static int PreviousCut(ReadOnlySpan<char> text, int index, TextUnit unit)
    {
        if (unit == TextUnit.Character)
        {
            return SplitsPair(text, index) ? index - 1 : index;
        }

        int at = CertainGraphemeCut(text, index);
        while (at < index)
        {
            int next = at + StringInfo.GetNextTextElementLength(text[at..]);
            if (next > index)
            {
                break;
            }

            at = next;
        }

        return at;
    }

    private static bool SplitsPair(ReadOnlySpan<char> text, int index) =>
        index > 0 && index < text.Length && char.IsHighSurrogate(text[index - 1]) && char.IsLowSurrogate(text[index]);

    /// <summary>A place at or before an index where a cut splits no unit, whatever the text before it is.</summary>
    public static int CertainCut(ReadOnlySpan<char> text, int index, TextUnit unit) =>
        unit == TextUnit.Character ? PreviousCut(text, index, unit) : CertainGraphemeCut(text, index);

    /// <summary>Whether a grapheme ends between two units for certain: two of ASCII, unless they are a carriage return and a line feed.</summary>
    public static bool EndsGrapheme(char left, char right) => left < 128 && right < 128 && !(left == '\r' && right == '\n');

    /// <summary>The bytes of a text in UTF-8, with U+FFFD for half a pair; the library's own allocates when there is one.</summary>
    public static int Utf8Length(ReadOnlySpan<char> text)
    {
        int bytes = 0;
        for (int i = 0; i < text.Length; i++)
        {
            bool isPair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            bytes += isPair ? 4 : text[i] < 0x80 ? 1 : text[i] < 0x800 ? 2 : 3;
            i += isPair ? 1 : 0;
        }

        return bytes;
    }

    private static int CertainGraphemeCut(ReadOnlySpan<char> text, int index)
    {
        int at = index;
        while (at > 0 && !(at < text.Length && EndsGrapheme(text[at - 1], text[at])))
        {
            at--;
        }

        return at;
    }
}
