namespace Ensemble;

/// <summary>
/// Tokens of Discord bots: the bot's number in Base64, six characters, and 27 or more, with dots between. Digits in Base64 have a form of their own: of each
/// four characters the first is one of three, and the fourth a digit more often than not, by which it is found.
/// </summary>
internal static class DiscordToken
{
    private const int Group = 4;
    private const int ShortestNumber = 23;
    private const int LongestNumber = 28;
    private const int Middle = 6;
    private const int ShortestEnd = 27;

    /// <summary>Tries a digit as the last of four characters of the bot's number.</summary>
    public static bool TryMatch(ReadOnlySpan<char> text, int at, int floor, out int start, out int end)
    {
        start = at - Group + 1;
        end = at;
        if (!IsGroup(text, start, floor))
        {
            return false;
        }

        // Only as far as the longest number, or a text of nothing but such groups would take quadratic time.
        while (at - start < LongestNumber && IsGroup(text, start - Group, floor))
        {
            start -= Group;
        }

        int dot = start + Run(text[start..], LongestNumber + 1);
        if ((start > 0 && IsToken(text[start - 1])) || dot - start is < ShortestNumber or > LongestNumber || !HasPart(text, dot, Middle, Middle, out int second))
        {
            return false;
        }

        return HasPart(text, second, ShortestEnd, 64, out end);
    }

    private static bool HasPart(ReadOnlySpan<char> text, int dot, int fewest, int most, out int end)
    {
        end = dot;
        if (dot >= text.Length || text[dot] != '.')
        {
            return false;
        }

        int length = Run(text[(dot + 1)..], most + 1);
        end = dot + 1 + length;
        return length >= fewest && length <= most;
    }

    private static bool IsGroup(ReadOnlySpan<char> text, int start, int floor) =>
        start >= floor && text[start] is 'M' or 'N' or 'O' && text[start + 1] is 'D' or 'T' or 'j' or 'z' && text[start + 2] is 'A' or 'E' or 'I' or 'M' or 'Q' or 'U' or 'Y' or 'c' or 'g' or 'k'
        && text[start + 3] is (>= 'w' and <= 'z') or (>= '0' and <= '5');

    private static int Run(ReadOnlySpan<char> text, int most)
    {
        int length = 0;
        while (length < most && length < text.Length && IsToken(text[length]))
        {
            length++;
        }

        return length;
    }

    private static bool IsToken(char c) => CharacterClass.Is(c, CharacterClass.Word | CharacterClass.Joiner);
}
