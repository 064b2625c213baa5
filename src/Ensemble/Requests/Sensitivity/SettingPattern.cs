using System.Buffers;

namespace Ensemble;

/// <summary>Secrets that have no form of their own, told by the name of the setting: keys and signatures of Azure storage, keys of AWS, and passwords in connection strings.</summary>
internal static class SettingPattern
{
    private const int LongestName = 32;

    // Each stop must look at a bounded stretch only, or a text of names without values would take quadratic time.
    private const int LongestValue = 256;

    private static readonly SearchValues<char> Base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=");

    // Base64 as addresses write it.
    private static readonly SearchValues<char> Signature = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=%");

    private static readonly SearchValues<char> EndsValue = SearchValues.Create("; \t\r\n\"'");

    /// <summary>Tries the settings at an equals sign.</summary>
    public static bool TryMatch(ReadOnlySpan<char> text, int at, int floor, out int start, out int end)
    {
        int nameEnd = at;
        while (nameEnd > floor && at - nameEnd < 2 && text[nameEnd - 1] == ' ')
        {
            nameEnd--;
        }

        start = nameEnd;
        end = at;
        int lowest = Math.Max(floor, nameEnd - LongestName);
        while (start > lowest && (CharacterClass.Is(text[start - 1], CharacterClass.Letter) || text[start - 1] == '_'))
        {
            start--;
        }

        int value = at + 1;
        while (value < text.Length && value - at <= 2 && text[value] == ' ')
        {
            value++;
        }

        bool quoted = value < text.Length && text[value] is '"' or '\'';
        value += quoted ? 1 : 0;
        ReadOnlySpan<char> name = text[start..nameEnd];
        if (Is(name, "AccountKey") || Is(name, "SharedAccessKey") || Is(name, "aws_secret_access_key"))
        {
            end = value + Length(text[value..]);
            return end - value >= 40;
        }

        if (Is(name, "sig"))
        {
            // The signature of an address that Azure Storage shares.
            end = value + SignatureLength(text[value..]);
            return start > floor && text[start - 1] is '?' or '&' or ';' && end - value >= 40;
        }

        bool plain = nameEnd == at && value == at + 1;
        return plain && (Is(name, "Password") || Is(name, "Pwd")) && IsInConnectionString(text, start, floor, value, out end);
    }

    // "Server=…;User Id=…;Password=…", and no placeholder.
    private static bool IsInConnectionString(ReadOnlySpan<char> text, int name, int floor, int value, out int end)
    {
        ReadOnlySpan<char> near = text[value..Math.Min(text.Length, value + LongestValue)];
        int length = near.IndexOfAny(EndsValue);
        end = value + (length < 0 ? near.Length : length);
        if (end - value < 4 || text[value] is '{' or '<' or '$' or '%' or '*' or '(')
        {
            return false;
        }

        int before = name;
        while (before > floor && name - before < 2 && text[before - 1] == ' ')
        {
            before--;
        }

        // By itself only as drivers write it: with a capital, and closed.
        bool closed = end < text.Length && text[end] == ';' && char.IsAsciiLetterUpper(text[name]) && !text[value..end].ContainsAny('(', '.');
        return closed || (before > floor && text[before - 1] == ';') || (end + 1 < text.Length && text[end] == ';' && CharacterClass.Is(text[end + 1], CharacterClass.Letter));
    }

    private static bool Is(ReadOnlySpan<char> name, string expected) => name.Equals(expected, StringComparison.OrdinalIgnoreCase);

    private static int SignatureLength(ReadOnlySpan<char> text)
    {
        text = text[..Math.Min(text.Length, LongestValue)];
        int end = text.IndexOfAnyExcept(Signature);
        return end < 0 ? text.Length : end;
    }

    private static int Length(ReadOnlySpan<char> text)
    {
        text = text[..Math.Min(text.Length, LongestValue)];
        int end = text.IndexOfAnyExcept(Base64);
        return end < 0 ? text.Length : end;
    }
}
