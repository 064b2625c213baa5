namespace Ensemble;

/// <summary>Digits in groups that single separators part, as numbers are written for people; at most 19 digits, those of the longest card, in 8 groups.</summary>
internal ref struct DigitGroups
{
    public const int MaxDigits = 19;
    public const int MaxGroups = 8;

    private readonly ReadOnlySpan<byte> _digits;
    private readonly ReadOnlySpan<int> _ends;
    private readonly ReadOnlySpan<byte> _counts;

    private DigitGroups(ReadOnlySpan<byte> digits, ReadOnlySpan<byte> counts, ReadOnlySpan<int> ends, bool complete)
    {
        _digits = digits;
        _counts = counts;
        _ends = ends;
        IsComplete = complete;
    }

    /// <summary>Gets the values of all digits, 0 to 9.</summary>
    public readonly ReadOnlySpan<byte> Digits => _digits;

    /// <summary>Gets how many digits each group has.</summary>
    public readonly ReadOnlySpan<byte> Counts => _counts;

    /// <summary>Gets whether nothing that belongs to the number follows the last group.</summary>
    public bool IsComplete { get; }

    /// <summary>Gets the index in the text after a group.</summary>
    public readonly int End(int group) => _ends[group];

    /// <summary>Reads the groups that begin at a digit.</summary>
    public static DigitGroups Read(ReadOnlySpan<char> text, int at, Span<byte> digits, Span<byte> counts, Span<int> ends)
    {
        int total = 0;
        int groups = 0;
        while (true)
        {
            int first = at;
            for (uint digit; at < text.Length && (digit = text[at] - (uint)'0') <= 9; at++)
            {
                if (total >= digits.Length)
                {
                    // Longer than any number looked for; the groups before may still be one.
                    return new DigitGroups(digits[..(total - (at - first))], counts[..groups], ends[..groups], complete: false);
                }

                digits[total++] = (byte)digit;
            }

            counts[groups] = (byte)(at - first);
            ends[groups++] = at;
            int next = AfterSeparator(text, at);
            if (next < 0 || groups == MaxGroups)
            {
                return new DigitGroups(digits[..total], counts[..groups], ends[..groups], complete: next < 0);
            }

            at = next;
        }
    }

    /// <summary>Skips a separator that a digit follows: a blank, hyphen or dot, or a closing parenthesis with or without one of them.</summary>
    public static int AfterSeparator(ReadOnlySpan<char> text, int at)
    {
        if (at >= text.Length || !(CharacterClass.Is(text[at], CharacterClass.Separator) || text[at] == '\u00A0'))
        {
            return -1;
        }

        int next = at + 1;
        if (text[at] == ')' && next < text.Length && text[next] is ' ' or '-' or '.' or '\u00A0')
        {
            next++;
        }

        return next < text.Length && char.IsAsciiDigit(text[next]) ? next : -1;
    }
}
