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

    // Between two ASCII characters a grapheme always ends, unless they are a carriage return and a line feed.
    private static int CertainGraphemeCut(ReadOnlySpan<char> text, int index)
    {
        int at = index;
        while (at > 0 && !(at < text.Length && text[at - 1] < 128 && text[at] < 128 && !(text[at - 1] == '\r' && text[at] == '\n')))
        {
            at--;
        }

        return at;
    }
}
