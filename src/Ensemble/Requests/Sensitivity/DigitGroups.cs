namespace Ensemble;

/// <summary>Digits in groups that separators part, as numbers are written for people; at most 19 digits, those of the longest card, in 8 groups.</summary>
internal ref struct DigitGroups
{
    public const int MaxDigits = 19;
    public const int MaxGroups = 8;

    private readonly ReadOnlySpan<byte> _digits;
    private readonly ReadOnlySpan<int> _ends;
    private readonly ReadOnlySpan<byte> _counts;

    private DigitGroups(ReadOnlySpan<byte> digits, ReadOnlySpan<byte> counts, ReadOnlySpan<int> ends, bool complete, bool slash)
    {
        _digits = digits;
        _counts = counts;
        _ends = ends;
        IsComplete = complete;
        HasSlash = slash;
    }

    /// <summary>Gets the values of all digits, 0 to 9.</summary>
    public readonly ReadOnlySpan<byte> Digits => _digits;

    /// <summary>Gets how many digits each group has.</summary>
    public readonly ReadOnlySpan<byte> Counts => _counts;

    /// <summary>Gets whether a slash parts two of them.</summary>
    public bool HasSlash { get; }

    /// <summary>Gets whether nothing that belongs to the number follows the last group.</summary>
    public bool IsComplete { get; }

    /// <summary>Gets the index in the text after a group.</summary>
    public readonly int End(int group) => _ends[group];

    /// <summary>Reads the groups that begin at a digit.</summary>
    public static DigitGroups Read(ReadOnlySpan<char> text, int at, Span<byte> digits, Span<byte> counts, Span<int> ends)
    {
        int total = 0;
        int groups = 0;
        bool slash = false;
        while (true)
        {
            int first = at;
            for (uint digit; at < text.Length && (digit = text[at] - (uint)'0') <= 9; at++)
            {
                if (total >= digits.Length)
                {
                    // Longer than any number looked for; the groups before may still be one.
                    return new DigitGroups(digits[..(total - (at - first))], counts[..groups], ends[..groups], complete: false, slash);
                }

                digits[total++] = (byte)digit;
            }

            counts[groups] = (byte)(at - first);
            ends[groups++] = at;
            int next = AfterSeparator(text, at, out bool bySlash);
            if (next < 0 || groups == MaxGroups)
            {
                return new DigitGroups(digits[..total], counts[..groups], ends[..groups], complete: next < 0, slash);
            }

            slash |= bySlash;
            at = next;
        }
    }

    /// <summary>
    /// Skips what may part two groups: a closing parenthesis, up to two blanks, a hyphen, dot or slash with up to two blanks behind it, and an opening parenthesis.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The end of a group.</param>
    /// <param name="slash">Whether a slash parts them.</param>
    /// <returns>The index of the digit that follows; -1 when none does, or nothing parts them.</returns>
    public static int AfterSeparator(ReadOnlySpan<char> text, int at, out bool slash)
    {
        slash = false;
        if (at + 1 < text.Length && text[at] is ' ' or '-' && char.IsAsciiDigit(text[at + 1]))
        {
            // As nearly all are written.
            return at + 1;
        }

        if (at >= text.Length || !(CharacterClass.Is(text[at], CharacterClass.Separator) || text[at] == '\u00A0'))
        {
            return -1;
        }

        int next = text[at] == ')' ? at + 1 : at;
        next = AfterBlanks(text, next);
        if (next < text.Length && text[next] is '-' or '.' or '/')
        {
            slash = text[next] == '/';
            next = AfterBlanks(text, next + 1);
        }

        if (next < text.Length && text[next] == '(')
        {
            next++;
        }

        return next < text.Length && char.IsAsciiDigit(text[next]) ? next : -1;
    }

    private static int AfterBlanks(ReadOnlySpan<char> text, int at)
    {
        int limit = Math.Min(text.Length, at + 2);
        while (at < limit && text[at] is ' ' or '\u00A0')
        {
            at++;
        }

        return at;
    }
}
