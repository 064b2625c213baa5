namespace Ensemble;

/// <summary>
/// Korean resident registration numbers: a date of birth, a digit for century, sex and nationality, and a check digit. Numbers given
/// since October 2020 have random digits instead of the check digit; they are found when they are written with their hyphen.
/// </summary>
internal static class ResidentNumberPattern
{
    private const int Length = 13;
    private const int RandomSince = 2010;

    private static ReadOnlySpan<byte> Weights => [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5];

    private static ReadOnlySpan<byte> DaysOfMonth => [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

    public static bool Matches(ReadOnlySpan<byte> digits, ReadOnlySpan<byte> counts)
    {
        bool hyphenated = counts.Length == 2 && counts[0] == 6;
        if (digits.Length != Length || !(hyphenated || counts.Length == 1) || !IsDate(digits))
        {
            return false;
        }

        // The seventh digit: 9 and 0 were born in the 1800s, 1 2 5 6 in the 1900s, 3 4 7 8 in the 2000s; 5 to 8 are foreigners.
        byte kind = digits[6];
        if (hyphenated && kind is >= 5 and <= 8)
        {
            // A foreigner of any age may have been registered since then.
            return true;
        }

        if (hyphenated && kind is 3 or 4 && (digits[0] * 1000) + (digits[1] * 100) + (digits[2] * 10) + digits[3] >= RandomSince)
        {
            return true;
        }

        int sum = 0;
        for (int i = 0; i < Weights.Length; i++)
        {
            sum += digits[i] * Weights[i];
        }

        int check = (11 - (sum % 11)) % 10;
        return digits[12] == (kind is >= 5 and <= 8 ? (check + 2) % 10 : check);
    }

    private static bool IsDate(ReadOnlySpan<byte> digits)
    {
        int month = (digits[2] * 10) + digits[3];
        int day = (digits[4] * 10) + digits[5];
        return month is >= 1 and <= 12 && day >= 1 && day <= DaysOfMonth[month - 1];
    }
}
