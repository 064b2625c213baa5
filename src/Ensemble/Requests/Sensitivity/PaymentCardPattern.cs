namespace Ensemble;

/// <summary>Payment card numbers: an issuer's prefix with a length it uses, groups as cards are printed, and the Luhn digit (ISO/IEC 7812).</summary>
internal static class PaymentCardPattern
{
    public static bool Matches(ReadOnlySpan<byte> digits, ReadOnlySpan<byte> counts) =>
        digits.Length is >= 13 and <= 19 && IsPrinted(counts) && IsIssued(digits) && HasLuhnDigit(digits);

    // Twice a digit, and of two digits the sum.
    private static ReadOnlySpan<byte> Doubled => [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];

    private static bool HasLuhnDigit(ReadOnlySpan<byte> digits)
    {
        int sum = 0;
        ReadOnlySpan<byte> doubled = Doubled;
        for (int i = digits.Length - 1; i > 0; i -= 2)
        {
            sum += digits[i] + doubled[digits[i - 1]];
        }

        sum += (digits.Length & 1) == 0 ? 0 : digits[0];
        return sum % 10 == 0;
    }

    private static bool IsPrinted(ReadOnlySpan<byte> counts)
    {
        if (counts.Length == 1)
        {
            return true;
        }

        if (counts.Length == 3)
        {
            return counts is [4, 6, 4 or 5];
        }

        for (int group = 0; group < counts.Length - 1; group++)
        {
            if (counts[group] != 4)
            {
                return false;
            }
        }

        return counts.Length >= 4 && counts[^1] is >= 1 and <= 4;
    }

    private static bool IsIssued(ReadOnlySpan<byte> digits) => IsIssued((digits[0] * 1000) + (digits[1] * 100) + (digits[2] * 10) + digits[3], digits.Length);

    /// <summary>Says whether an issuer has numbers that begin with four digits and have a length.</summary>
    public static bool IsIssued(int four, int length) =>
        four switch
        {
            >= 4000 and <= 4999 => length is 13 or 16 or 19,
            >= 5100 and <= 5599 => length == 16,
            >= 2221 and <= 2720 => length == 16,
            >= 2200 and <= 2204 => length is >= 16 and <= 19,
            (>= 3400 and <= 3499) or (>= 3700 and <= 3799) => length == 15,
            (>= 3000 and <= 3059) or (>= 3600 and <= 3699) or (>= 3800 and <= 3999) => length is 14 or 16,
            >= 3528 and <= 3589 => length is >= 16 and <= 19,
            6011 or (>= 6440 and <= 6599) => length is >= 16 and <= 19,
            >= 6200 and <= 6299 => length is >= 16 and <= 19,
            (>= 5000 and <= 5099) or (>= 5600 and <= 5899) or (>= 6300 and <= 6399) or (>= 6700 and <= 6799) => length == 16,
            >= 9400 and <= 9499 => length == 16,
            _ => false,
        };
}
