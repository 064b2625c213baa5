namespace Ensemble;

/// <summary>
/// Telephone numbers: international with a plus (E.164), Korean, North American, and national numbers that begin with 0. Digits alone,
/// without plus, grouping or the Korean mobile prefix, are too often something else and are not taken for one.
/// </summary>
internal static class PhonePattern
{
    public static bool Matches(ReadOnlySpan<byte> digits, ReadOnlySpan<byte> counts, bool plus)
    {
        if (plus)
        {
            return digits.Length is >= 9 and <= 15 && digits[0] != 0;
        }

        return IsKoreanMobile(digits, counts) || IsKoreanByDigits(digits, counts) || IsInternational(digits, counts) || IsNorthAmerican(digits, counts) || IsNational(digits, counts);
    }

    /// <summary>Says whether digits are a Korean mobile number.</summary>
    public static bool IsKoreanMobile(ReadOnlySpan<byte> digits, ReadOnlySpan<byte> counts) =>
        digits is [0, 1, 0 or 1 or 6 or 7 or 8 or 9, ..]
        && (counts is [3, 3 or 4, 4] || (counts is [10 or 11] && (digits.Length == 11 || digits[2] != 0)));

    /// <summary>Korean numbers without grouping: Seoul, a province, a mobile messenger or the internet. A number of ten digits can be a book's (ISBN-10), which its check digit tells.</summary>
    private static bool IsKoreanByDigits(ReadOnlySpan<byte> digits, ReadOnlySpan<byte> counts)
    {
        if (counts is not [10 or 11] || digits[0] != 0)
        {
            return false;
        }

        if (digits.Length == 11)
        {
            // Nearly all countries that dial 0 first have such mobile numbers, and little else is as long.
            return digits[1] != 0;
        }

        bool area = digits[1] switch
        {
            2 => true,
            3 => digits[2] <= 3,
            4 or 6 => digits[2] is >= 1 and <= 4,
            5 => digits[2] <= 5,
            _ => false,
        };
        return area && !HasBookDigit(digits);
    }

    // 0082…, with groups or of a country that is near; 82 10…; and Chinese mobile numbers in their groups.
    private static bool IsInternational(ReadOnlySpan<byte> digits, ReadOnlySpan<byte> counts) => counts switch
    {
        [3, 4, 4] => digits[0] == 1 && digits[1] >= 3,
        [2, 2, 3 or 4, 4] or [12] => digits is [8, 2, 1, 0 or 1 or 6 or 7 or 8 or 9, ..],
        _ => digits.Length is >= 12 and <= 15 && digits is [0, 0, not 0, ..] && (counts.Length is > 1 and <= 6 || digits is [0, 0, 8, 1 or 2 or 6, ..] or [0, 0, 4, ..] or [0, 0, 1, ..]),
    };

    private static bool HasBookDigit(ReadOnlySpan<byte> digits)
    {
        int sum = 0;
        for (int i = 0; i < digits.Length; i++)
        {
            sum += (10 - i) * digits[i];
        }

        return sum % 11 == 0;
    }

    private static bool IsNorthAmerican(ReadOnlySpan<byte> digits, ReadOnlySpan<byte> counts) => counts switch
    {
        [3, 3, 4] => digits[0] >= 2 && digits[3] >= 2,
        [1, 3, 3, 4] => digits[0] == 1 && digits[1] >= 2 && digits[4] >= 2,
        _ => false,
    };

    private static bool IsNational(ReadOnlySpan<byte> digits, ReadOnlySpan<byte> counts)
    {
        if (digits[0] != 0 || digits[1] == 0 || digits.Length > 12 || counts.Length < 2)
        {
            return false;
        }

        if (counts is [2, 2, 2, 2, 2])
        {
            return true;
        }

        if (counts.Length > 4 || counts[0] is < 2 or > 5)
        {
            return false;
        }

        foreach (byte count in counts[1..])
        {
            // Two digits are a day or a minute, not a part of a number.
            if (count is < 3 or > 8)
            {
                return false;
            }
        }

        return true;
    }
}
