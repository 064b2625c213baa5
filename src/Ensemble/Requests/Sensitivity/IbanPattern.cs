namespace Ensemble;

/// <summary>International bank account numbers (ISO 13616): the country's length, and the remainder 1 modulo 97.</summary>
internal static class IbanPattern
{
    private const string Lengths =
        "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27GB22GE22GI23GL18GR27GT28HR21HU28IE22IL23IQ23IS26IT27"
        + "JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28"
        + "TL23TN24TR26UA29VA22VG24XK20YE30";

    private static readonly byte[] LengthOf = BuildLengths();

    public static bool TryMatch(ReadOnlySpan<char> text, int at, int floor, out int start, out int end)
    {
        start = at - 2;
        end = at;
        char first = Upper(text[start]);
        char second = Upper(text[start + 1]);
        if (!char.IsAsciiLetterUpper(first) || !char.IsAsciiLetterUpper(second)
            || (start > floor && char.IsAsciiLetterOrDigit(text[start - 1]) && !Escape.EndsAt(text, start, floor))
            || at + 1 >= text.Length || !char.IsAsciiDigit(text[at + 1]))
        {
            return false;
        }

        int length = LengthOf[((first - 'A') * 26) + second - 'A'];
        if (length == 0)
        {
            return false;
        }

        // The account number first, the country and the check digits after it.
        int remainder = 0;
        end = at + 2;
        for (int read = 4; read < length; read++)
        {
            if (end < text.Length && text[end] is ' ' or '-' or '.' or '\u00A0' && read % 4 == 0)
            {
                end++;
            }

            if (end >= text.Length || !TryAppend(ref remainder, text[end]))
            {
                return false;
            }

            end++;
        }

        TryAppend(ref remainder, first);
        TryAppend(ref remainder, second);
        TryAppend(ref remainder, text[at]);
        TryAppend(ref remainder, text[at + 1]);
        return remainder == 1 && (end >= text.Length || !char.IsAsciiLetterOrDigit(text[end]));
    }

    private static bool TryAppend(ref int remainder, char c)
    {
        if (char.IsAsciiDigit(c))
        {
            remainder = ((remainder * 10) + c - '0') % 97;
            return true;
        }

        if (char.IsAsciiLetter(c))
        {
            remainder = ((remainder * 100) + Upper(c) - 'A' + 10) % 97;
            return true;
        }

        return false;
    }

    private static char Upper(char c) => char.IsAsciiLetterLower(c) ? (char)(c - 'a' + 'A') : c;

    private static byte[] BuildLengths()
    {
        byte[] lengths = new byte[26 * 26];
        for (int i = 0; i < Lengths.Length; i += 4)
        {
            lengths[((Lengths[i] - 'A') * 26) + Lengths[i + 1] - 'A'] = (byte)(((Lengths[i + 2] - '0') * 10) + Lengths[i + 3] - '0');
        }

        return lengths;
    }
}
