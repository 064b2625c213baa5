using System.Globalization;
using System.Numerics;

namespace Ensemble;

/// <summary>
/// Decides what the separators in a run of digits mean. Groups are of three digits, behind one to three that do not begin with 0. Where a comma cannot part groups
/// it is the decimal point; one point alone is always decimal. What could be two numbers, or an address, or a list, has no value.
/// </summary>
internal static class DigitRun
{
    private const string Marks = ".,'_";

    /// <summary>Reads the run that begins at <paramref name="start"/> with a digit, or with a point before one.</summary>
    public static (int End, ExactNumber? Value, bool HasDecimalComma) Read(string text, int start)
    {
        int end = EndOfRun(text, start);
        if (text[start] == '0' && end == start + 1 && end + 1 < text.Length && Radix(text[end]) is var radix and > 0 && char.IsLetterOrDigit(text[end + 1]))
        {
            int last = end + 1;
            while (last < text.Length && char.IsLetterOrDigit(text[last]))
            {
                last++;
            }

            return (last, Based(text.AsSpan(end + 1, last - end - 1), radix), false);
        }

        bool spaced = EndOfSpaces(text, start, ref end);
        (string? plain, bool comma) = Plain(text[start..end], spaced);
        if (plain is not null && EndOfExponent(text, end) is var exponentEnd && exponentEnd > end)
        {
            plain += text[end..exponentEnd];
            end = exponentEnd;
        }

        // 1e3.5 is no number, and the rest of it is none either.
        bool broken = end + 1 < text.Length && text[end] is '.' or ',' && char.IsAsciiDigit(text[Math.Min(end + 1, text.Length - 1)]);
        return (broken ? EndOfRun(text, end + 1) : end, !broken && plain is not null && ExactNumber.TryParse(plain, out ExactNumber value) ? value : null, comma);
    }

    private static int EndOfRun(string text, int start)
    {
        int end = start;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || (Marks.Contains(text[end], StringComparison.Ordinal) && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]))))
        {
            end++;
        }

        return end;
    }

    // 1 234 567.8: groups after a space, where none is longer.
    private static bool EndOfSpaces(string text, int start, ref int end)
    {
        if (end - start > 3 || text[start] is '0' or '.' || text.AsSpan(start, end - start).IndexOfAny(Marks) >= 0)
        {
            return false;
        }

        int at = end;
        while (at + 3 < text.Length && text[at] == ' ' && IsDigits(text.AsSpan(at + 1, 3)) && (at + 4 == text.Length || !char.IsAsciiDigit(text[at + 4])))
        {
            at += 4;
        }

        if (at == end)
        {
            return false;
        }

        end = EndOfRun(text, at);
        return true;
    }

    private static int EndOfExponent(string text, int end)
    {
        if (end >= text.Length || text[end] is not ('e' or 'E'))
        {
            return end;
        }

        int at = end + 1;
        at += at < text.Length && text[at] is '+' or '-' ? 1 : 0;
        int digits = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        return at > digits ? at : end;
    }

    /// <summary>Writes the run with a point and without groups; <see langword="null"/> when it has no certain reading.</summary>
    private static (string? Plain, bool HasDecimalComma) Plain(string run, bool spaced)
    {
        char[] marks = [.. run.Where(c => !char.IsAsciiDigit(c) && c != ' ')];
        string[] parts = run.Split([.. Marks, ' ']);
        if (marks.Length == 0)
        {
            return (spaced ? string.Concat(parts) : run, false);
        }

        char last = marks[^1];
        if (spaced)
        {
            // A comma before three more digits might part a group too.
            return marks.Length == 1 && (last == '.' || (last == ',' && parts[^1].Length != 3)) ? ($"{string.Concat(parts[..^1])}.{parts[^1]}", last == ',') : (null, false);
        }

        bool same = Array.TrueForAll(marks, mark => mark == last);
        bool grouped = AreGroups(parts);
        if (same)
        {
            return (last, marks.Length) switch
            {
                ('.', 1) => (run, false),
                (',', 1) when !grouped => IsPadded(parts[0]) ? (null, false) : ($"{parts[0]}.{parts[1]}", true),
                ('.', 3) when grouped && Array.TrueForAll(parts, part => int.Parse(part, CultureInfo.InvariantCulture) <= 255) => (null, false),
                _ => (grouped ? string.Concat(parts) : null, false),
            };
        }

        // 1,234.5 and 1.234,5: the last mark is the decimal one, and stands once.
        bool decimals = last is '.' or ',' && marks[..^1].Distinct().Take(2).ToArray() is [var group] && group != last;
        return decimals && AreGroups(parts[..^1]) ? ($"{string.Concat(parts[..^1])}.{parts[^1]}", last == ',') : (null, false);
    }

    private static bool AreGroups(string[] parts) =>
        parts[0].Length is >= 1 and <= 3 && parts[0][0] != '0' && parts.Length > 1 && Array.TrueForAll(parts[1..], part => part.Length == 3);

    private static bool IsPadded(string part) => part.Length > 1 && part[0] == '0';

    private static bool IsDigits(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');

    private static int Radix(char mark) => mark switch { 'x' or 'X' => 16, 'o' or 'O' => 8, 'b' or 'B' => 2, _ => 0 };

    private static ExactNumber? Based(ReadOnlySpan<char> digits, int radix)
    {
        if (digits.Length > ExactNumber.MaximumDigits)
        {
            return null;
        }

        BigInteger value = BigInteger.Zero;
        foreach (char c in digits)
        {
            int digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : radix;
            if (digit >= radix)
            {
                return null;
            }

            value = (value * radix) + digit;
        }

        return ExactNumber.Of(value);
    }
}
