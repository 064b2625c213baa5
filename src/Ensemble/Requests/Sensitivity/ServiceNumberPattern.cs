namespace Ensemble;

/// <summary>Korean numbers that companies share for the whole country: 15xx, 16xx or 18xx and four digits more, without an area. Years that follow each other are none.</summary>
internal static class ServiceNumberPattern
{
    private const int Length = 4;

    private const int LatestYear = 2100;

    /// <summary>Tries a run of four digits that begins with 1.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">Where the run begins.</param>
    /// <param name="end">Where the number ends.</param>
    public static bool TryMatch(ReadOnlySpan<char> text, int at, out int end)
    {
        end = at;
        if (text[at + 1] is not ('5' or '6' or '8') || DigitGroups.AfterSeparator(text, at + Length, out bool slash) is not (>= 0 and var second) || slash || text[at + Length] == ' ')
        {
            return false;
        }

        end = second + Length;
        bool isWhole = end <= text.Length && IsDigits(text[second..end])
            && (end == text.Length || !(CharacterClass.Is(text[end], CharacterClass.Word | CharacterClass.Joiner) || (text[end] == '.' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]))));
        return isWhole && Number(text[at..]) is 1522 or 1533 or 1544 or 1566 or 1577 or 1588 or 1599 or 1600 or 1644 or 1660 or 1661 or 1666 or 1668 or 1670 or 1688 or 1811 or 1833 or 1855 or 1877 or 1899
            && !(Number(text[second..]) is var next && next > Number(text[at..]) && next <= LatestYear);
    }

    private static bool IsDigits(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');

    private static int Number(ReadOnlySpan<char> text) => ((text[0] - '0') * 1000) + ((text[1] - '0') * 100) + ((text[2] - '0') * 10) + text[3] - '0';
}
