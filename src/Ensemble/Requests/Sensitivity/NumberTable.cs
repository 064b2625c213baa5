using System.Buffers;

namespace Ensemble;

/// <summary>
/// Tells columns of numbers from a card that columns part: three of a hundred rows of four numbers of four digits have the check digit and the first digits
/// of a card, and the rows beside them do not.
/// </summary>
internal static class NumberTable
{
    // Each look is at a bounded stretch only; longer lines are no rows.
    private const int LongestLine = 256;

    // Where a line ends between digits, one of the readings of a text has a blank.
    private static readonly SearchValues<char> Breaks = SearchValues.Create("\r\n ");

    /// <summary>Says whether the line above or below has four numbers in the columns of a card, and they are none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">Where four groups of four digits begin.</param>
    public static bool IsRow(ReadOnlySpan<char> text, int at)
    {
        char parts = text[at + 4];
        int start = StartOfLine(text, at);
        int column = start < 0 ? -1 : text[start..at].Count(parts);
        return column >= 0 && ((start > 0 && IsAbove(text, start, column, parts)) || IsBelow(text, at, column, parts));
    }

    private static bool IsAbove(ReadOnlySpan<char> text, int start, int column, char parts)
    {
        int end = text[Math.Max(0, start - LongestLine)..start].LastIndexOfAnyExcept(Breaks) + Math.Max(0, start - LongestLine) + 1;
        int above = StartOfLine(text, end);
        return above >= 0 && AreNumbers(text[above..end], column, parts);
    }

    private static bool IsBelow(ReadOnlySpan<char> text, int at, int column, char parts)
    {
        ReadOnlySpan<char> rest = text[at..Math.Min(text.Length, at + LongestLine)];
        int length = rest.IndexOfAny(Breaks);
        int below = length < 0 ? -1 : rest[length..].IndexOfAnyExcept(Breaks);
        return below >= 0 && AreNumbers(text[(at + length + below)..], column, parts);
    }

    private static int StartOfLine(ReadOnlySpan<char> text, int end)
    {
        int lowest = Math.Max(0, end - LongestLine);
        int last = text[lowest..end].LastIndexOfAny(Breaks);
        return last >= 0 ? lowest + last + 1 : lowest == 0 ? 0 : -1;
    }

    // Four numbers from a column on, nothing but a word or the end behind them, and no card.
    private static bool AreNumbers(ReadOnlySpan<char> line, int column, char parts)
    {
        line = line[..Math.Min(line.Length, LongestLine)];
        int end = line.IndexOfAny(Breaks);
        line = end < 0 ? line : line[..end];
        for (; column > 0; column--)
        {
            int next = line.IndexOf(parts);
            if (next < 0)
            {
                return false;
            }

            line = line[(next + 1)..];
        }

        if (PrintedCard.IsGrouped(line, 0, out bool isValid) && isValid)
        {
            return false;
        }

        for (int group = 0; group < 4; group++)
        {
            int next = line.IndexOf(parts);
            ReadOnlySpan<char> number = next < 0 ? line : line[..next];
            if (number.IsEmpty || number.ContainsAnyExceptInRange('0', '9') || (next < 0 && group < 3))
            {
                return false;
            }

            line = next < 0 ? default : line[(next + 1)..];
        }

        return true;
    }
}
