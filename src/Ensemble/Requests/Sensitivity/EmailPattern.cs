namespace Ensemble;

/// <summary>E-mail addresses in their usual form (RFC 5321 without address literals).</summary>
internal static class EmailPattern
{
    private const int MaxLocal = 64;
    private const int MaxLabel = 63;
    private const int MaxDomain = 253;

    public static bool TryMatch(ReadOnlySpan<char> text, int at, int floor, out int start, out int end)
    {
        start = at;
        end = at;
        if (at == floor || text[at - 1] == '.' || !(IsLocal(text[at - 1]) || IsOtherLetter(text[at - 1]) || text[at - 1] == '"'))
        {
            return false;
        }

        end = DomainEnd(text, at + 1);
        if (end <= at)
        {
            return false;
        }

        start = text[at - 1] == '"' ? QuotedStart(text, at, floor) : LocalStart(text, at, floor);
        if (start == at)
        {
            return false;
        }

        // "git@host:org/repo" is the address of a repository; "ada@host:word" is a line of stolen passwords.
        bool isRepository = (end + 1 < text.Length && text[end] == ':' && (char.IsAsciiLetter(text[end + 1]) || text[end + 1] == '~')) || (start >= 3 && text[(start - 3)..start] is "://");
        return !(isRepository && text[start..at] is "git");
    }

    // "john doe"@example.com; the quote that ends another text stands before no address, and one that begins a name ("@scope/package") has no partner.
    private static int QuotedStart(ReadOnlySpan<char> text, int at, int floor)
    {
        int lowest = Math.Max(floor, at - MaxLocal);
        int length = text[lowest..(at - 1)].LastIndexOf('"');
        int start = lowest + length;
        return length >= 0 && start + 2 < at && IsNameEnd(text[start + 1]) && IsNameEnd(text[at - 2]) && !text[start..at].ContainsAny('\r', '\n') && (start == floor || !(IsNameEnd(text[start - 1]) || text[start - 1] == '"'))
            ? start
            : at;
    }

    private static bool IsNameEnd(char c) => CharacterClass.Is(c, CharacterClass.Word) || IsOtherLetter(c);

    private static int LocalStart(ReadOnlySpan<char> text, int at, int floor)
    {
        int lowest = Math.Max(floor, at - MaxLocal);
        int start = at;

        // Letters of other scripts belong to it when the last of it is one: a word of Korean may touch a name in ASCII.
        bool others = IsOtherLetter(text[at - 1]);
        while (start > lowest && (IsLocal(text[start - 1]) || (others && IsOtherLetter(text[start - 1]))) && !(text[start - 1] == '.' && start < at && text[start] == '.'))
        {
            start--;
        }

        while (start < at && text[start] is '.' or '\'' or '-')
        {
            start++;
        }

        return start;
    }

    /// <summary>Reads labels and a top-level domain of ASCII letters; labels may hold letters of any script.</summary>
    private static int DomainEnd(ReadOnlySpan<char> text, int from)
    {
        int limit = Math.Min(text.Length, from + MaxDomain);
        int best = -1;
        int label = from;
        int numeric = 0;
        for (int index = 0; label < limit; index++)
        {
            int end = label;
            int seen = 0;
            for (int last = Math.Min(limit, label + MaxLabel + 1); end < last; end++)
            {
                int classes = CharacterClass.Of(text[end]);
                if ((classes & CharacterClass.Label) == 0)
                {
                    if (!IsOtherLetter(text[end]))
                    {
                        break;
                    }

                    classes = CharacterClass.Letter;
                }

                seen |= classes;
            }

            bool digits = (seen & (CharacterClass.Letter | CharacterClass.Joiner)) == 0;
            if (index > 0)
            {
                int letters = AsciiLetters(text[label..end]);
                if (letters >= 2 && (letters == end - label || text[label + letters] > 127))
                {
                    best = label + letters;
                }
                else if (letters == 0 && end - label >= 2 && !digits && OtherLetters(text[label..end]) == end - label)
                {
                    best = end;
                }
            }

            numeric += digits && index < 2 ? 1 : 0;

            // "icon@2x.png" is a file, "package@1.2.3-beta.rc" a version.
            bool density = index == 0 && end - label == 2 && char.IsAsciiDigit(text[label]) && text[label + 1] == 'x';
            if (end == label || text[label] == '-' || text[end - 1] == '-' || density || numeric == 2 || end >= limit || text[end] != '.')
            {
                return density || numeric == 2 ? -1 : best;
            }

            label = end + 1;
        }

        return best;
    }

    private static int AsciiLetters(ReadOnlySpan<char> text)
    {
        int count = 0;
        while (count < text.Length && char.IsAsciiLetter(text[count]))
        {
            count++;
        }

        return count;
    }

    private static int OtherLetters(ReadOnlySpan<char> text)
    {
        int count = 0;
        while (count < text.Length && IsOtherLetter(text[count]))
        {
            count++;
        }

        return count;
    }

    private static bool IsOtherLetter(char c) => c > 127 && char.IsLetter(c);

    private static bool IsLocal(char c) => CharacterClass.Is(c, CharacterClass.Word | CharacterClass.LocalMark);
}
