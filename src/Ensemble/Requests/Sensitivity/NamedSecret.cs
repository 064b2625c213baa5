using System.Buffers;

namespace Ensemble;

/// <summary>
/// Secrets without a form of their own that are named where they stand: keys of AWS, passwords, keys of services, headers that authorise, and
/// passwords in addresses. The names are searched for vectorised; each looks at a bounded stretch behind it.
/// </summary>
internal static class NamedSecret
{
    private const string Korean = "비밀번호";

    // From the name to the first character of the value.
    private const int Farthest = 64;

    private const int LongestValue = 256;

    private const int AwsKey = 40;

    // Of ASCII only, and none shorter than three: otherwise the search is not vectorised.
    private static readonly SearchValues<string> Names = SearchValues.Create(
        ["secret", "aws", "password", "passwd", "passwort", "passphrase", "bearer ", "authorization", "api key", "api-key", "api_key", "apikey", "access_token", "access token", "://", "hvs.", "hvb.", "hvr."], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<char> Base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

    private static readonly SearchValues<char> Token = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_-.~");

    private static readonly SearchValues<char> VaultToken = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    private static readonly SearchValues<char> InName = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-");

    // Between a name and the sign of assignment.
    private static readonly SearchValues<char> BeforeSign = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_- \"'");

    private static readonly SearchValues<char> EndsAddress = SearchValues.Create("/ \t\r\n\"'<>");

    private static readonly SearchValues<char> EndsValue = SearchValues.Create("; \t\r\n\"'`,&<>)}]|");

    /// <summary>Finds the next named secret.</summary>
    /// <param name="text">The text.</param>
    /// <param name="from">Where to begin.</param>
    /// <param name="known">The next one in ASCII as an earlier search found it: a text of Korean names would otherwise be searched to its end for each of them.</param>
    /// <param name="start">Where the value begins; the length of the text when there is none.</param>
    /// <param name="end">Where it ends.</param>
    public static void Find(ReadOnlySpan<char> text, int from, ref NamedPlace known, out int start, out int end)
    {
        if (known.Name < from)
        {
            FindNamed(text, from, ref known);
        }

        (start, end) = (known.Start, known.End);
        for (int at = from; at < start; at++)
        {
            int step = text[at..start].IndexOf(Korean);
            if (step < 0)
            {
                break;
            }

            at += step;
            if (IsPassword(text, at + Korean.Length, out int first, out int last) && first < start)
            {
                (start, end) = (first, last);
                return;
            }
        }
    }

    private static void FindNamed(ReadOnlySpan<char> text, int from, ref NamedPlace known)
    {
        for (int at = from; at < text.Length; at++)
        {
            int step = text[at..].IndexOfAny(Names);
            if (step < 0)
            {
                break;
            }

            at += step;
            if (TryMatch(text, at, out known.Start, out known.End))
            {
                known.Name = at;
                return;
            }
        }

        known = new NamedPlace { Name = text.Length, Start = text.Length, End = text.Length };
    }

    private static bool TryMatch(ReadOnlySpan<char> text, int at, out int start, out int end)
    {
        switch (text[at])
        {
            case ':':
                return IsAddress(text, at + 3, out start, out end);
            case 's' or 'S':
                return IsAwsKey(text, at + 6, out start, out end) || IsToken(text, Value(text, at + 6), fewest: 16, out start, out end);
            case 'h' or 'H':
                return IsVaultToken(text, at, out start, out end);
            case 'p' or 'P':
                int password = AfterName(text, at);
                (start, end) = (at, at);
                return IsPassword(text, password, out start, out end) && !OrdinaryValue.IsDescribed(text[at..password]);
            case 'b' or 'B':
                return IsToken(text, at + 7, fewest: 20, out start, out end);
            case 'a' or 'A' when text[at + 1] is 'w' or 'W':
                return IsAwsName(text, at, out start, out end);
            case 'a' or 'A' when text[at + 1] is 'u' or 'U':
                return IsHeader(text, at + 13, out start, out end);
            default:
                int key = AfterName(text, at + 1);
                (start, end) = (at, at);
                return IsToken(text, Value(text, key), fewest: 16, out start, out end) && !OrdinaryValue.IsDescribed(text[at..key]);
        }
    }

    private static bool IsAwsName(ReadOnlySpan<char> text, int at, out int start, out int end)
    {
        (start, end) = (at, at);
        bool isWord = (at == 0 || !char.IsAsciiLetterOrDigit(text[at - 1])) && !(at + 3 < text.Length && char.IsAsciiLetter(text[at + 3]) && char.IsAsciiLetterLower(text[at + 3]));
        return isWord && IsAwsKey(text, at + 3, out start, out end);
    }

    // Tokens of HashiCorp Vault: of services, of batches, of recovery.
    private static bool IsVaultToken(ReadOnlySpan<char> text, int at, out int start, out int end)
    {
        ReadOnlySpan<char> body = text[(at + 4)..Math.Min(text.Length, at + 4 + LongestValue)];
        int length = body.IndexOfAnyExcept(VaultToken);
        length = length < 0 ? body.Length : length;
        (start, end) = (at, at + 4 + length);
        return length >= 24 && text[at] == 'h' && text[at + 1] == 'v' && (at == 0 || !CharacterClass.Is(text[at - 1], CharacterClass.Word | CharacterClass.Joiner)) && IsMixed(body[..length]);
    }

    // 40 characters of Base64 by themselves, and no hexadecimal digest: letters of both cases and digits.
    private static bool IsAwsKey(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        int limit = Math.Min(text.Length, from + Farthest);
        for (start = from; start < limit;)
        {
            // From behind: what ends a run within the forty characters ends all runs that begin before it.
            ReadOnlySpan<char> near = text[start..Math.Min(text.Length, start + AwsKey)];
            int last = near.LastIndexOfAnyExcept(Base64);
            if (last >= 0)
            {
                start += last + 1;
                continue;
            }

            end = start + AwsKey;
            if (near.Length < AwsKey)
            {
                break;
            }

            if (end < text.Length && Base64.Contains(text[end]))
            {
                start = end + 2;
                continue;
            }

            if ((end >= text.Length || text[end] is not ('=' or '_' or '-')) && IsMixed(near))
            {
                return true;
            }

            start = end + 1;
        }

        end = start;
        return false;
    }

    private static bool IsMixed(ReadOnlySpan<char> value) => value.ContainsAnyInRange('0', '9') && value.ContainsAnyInRange('a', 'z') && value.ContainsAnyInRange('A', 'Z');

    // Named, assigned, long, and of letters and digits.
    private static bool IsToken(ReadOnlySpan<char> text, int from, int fewest, out int start, out int end)
    {
        (start, end) = (from, from);
        if (from < 0 || from >= text.Length)
        {
            return false;
        }

        ReadOnlySpan<char> value = text[from..Math.Min(text.Length, from + LongestValue)];
        int length = value.IndexOfAnyExcept(Token);
        value = length < 0 ? value : value[..length];
        end = from + value.Length;
        return value.Length >= fewest && value.ContainsAnyInRange('0', '9') && (value.ContainsAnyInRange('a', 'z') || value.ContainsAnyInRange('A', 'Z')) && !IsWords(value) && !OrdinaryValue.Is(text, from, end);
    }

    // "sk-your-key-here-1234" and the name of a member of a class are no values.
    private static bool IsWords(ReadOnlySpan<char> value)
    {
        int digits = 0;
        foreach (char c in value)
        {
            digits += char.IsAsciiDigit(c) ? 1 : 0;
        }

        if (value.ContainsAny('-', '.', '_') && digits < 6)
        {
            return true;
        }

        // "certificates2024issuedbythebank": small letters around one short number.
        int first = value.IndexOfAnyInRange('0', '9');
        return digits <= 4 && !value.ContainsAnyInRange('A', 'Z') && !value[first..Math.Min(value.Length, first + digits)].ContainsAnyExceptInRange('0', '9');
    }

    private static bool IsHeader(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        (start, end) = (from, from);
        int value = Value(text, from);
        if (value < 0)
        {
            return false;
        }

        ReadOnlySpan<char> rest = text[value..];
        bool basic = rest.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase);
        int scheme = basic ? 6 : rest.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) || rest.StartsWith("ApiKey ", StringComparison.OrdinalIgnoreCase) ? 7 : rest.StartsWith("token ", StringComparison.OrdinalIgnoreCase) ? 6 : 0;
        return IsToken(text, value + scheme, fewest: scheme == 0 ? 16 : 8, out start, out end) || (basic && end - start >= 12);
    }

    private static bool IsPassword(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        start = Value(text, from);
        end = start;
        if (start < 0 || start >= text.Length || text[start] is '{' or '<' or '$' or '%' or '*' or '(' or '[')
        {
            return false;
        }

        ReadOnlySpan<char> value = text[start..Math.Min(text.Length, start + LongestValue)];
        int length = value.IndexOfAny(EndsValue);
        value = length < 0 ? value : value[..length];
        end = start + value.Length;
        return value.Length is >= 4 and < LongestValue && value.ContainsAnyInRange('0', '9') && !value.ContainsAny('(', '[', '{') && (value.Length >= 6 || value.ContainsAnyExceptInRange('0', '9')) && !OrdinaryValue.Is(text, start, end);
    }

    // ada:hunter2@host, as connections are addressed.
    private static bool IsAddress(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        (start, end) = (from, from);
        ReadOnlySpan<char> near = text[Math.Min(from, text.Length)..Math.Min(text.Length, from + 128)];
        int over = near.IndexOfAny(EndsAddress);
        near = over < 0 ? near : near[..over];
        int host = near.LastIndexOf('@');
        int colon = host < 0 ? -1 : near[..host].IndexOf(':');
        end = from + Math.Max(host, 0);
        ReadOnlySpan<char> address = text[Math.Min(from, text.Length)..];
        if (address.StartsWith("hooks.slack.com/services/"))
        {
            end = from + Math.Max(over, 0);
            return end > from;
        }

        if (over > 0 && IsDiscord(near[..over]) && address[over..].StartsWith("/api/webhooks/"))
        {
            end = from + over;
            return true;
        }

        return colon >= 0 && host - colon > 3 && near[colon + 1] is not ('{' or '$' or '%' or '*');
    }

    private static bool IsDiscord(ReadOnlySpan<char> host) => host is "discord.com" or "discordapp.com" or "ptb.discord.com" or "canary.discord.com";

    // The name may be longer than what was searched for: "passwordHash" is another.
    private static int AfterName(ReadOnlySpan<char> text, int at)
    {
        int limit = Math.Min(text.Length, at + 32);
        while (at < limit)
        {
            int step = text[at..limit].IndexOfAnyExcept(InName);
            if (step < 0)
            {
                return limit;
            }

            at += step;
            if (text[at] != ' ' || at + 3 >= text.Length || !text.Slice(at + 1, 3).Equals("key", StringComparison.OrdinalIgnoreCase))
            {
                break;
            }

            at++;
        }

        return at;
    }

    // What follows the sign of assignment; -1 when nothing is assigned.
    private static int Value(ReadOnlySpan<char> text, int at)
    {
        int name = at;
        int limit = Math.Min(text.Length, at + 24);
        int step = at < limit ? text[at..limit].IndexOfAnyExcept(BeforeSign) : -1;
        at += Math.Max(step, 0);
        if (step < 0 || text[at] is not (':' or '=') || (at + 1 < text.Length && text[at] == '=' && text[at + 1] == '='))
        {
            return -1;
        }

        int quote = text[name..at].IndexOfAny('"', '\'');
        quote = quote < 0 ? -1 : name + quote;

        // Behind its quote another attribute may follow, and only one says the value: type="password" class="…", key="Password" value="…".
        ReadOnlySpan<char> attribute = quote < 0 ? default : text[(quote + 1)..at].Trim(' ');
        if (!(attribute.IsEmpty || attribute.Equals("value", StringComparison.OrdinalIgnoreCase)) || OrdinaryValue.IsDescribed(text[name..(quote < 0 ? at : quote)]))
        {
            return -1;
        }

        bool colon = text[at] == ':';
        limit = Math.Min(text.Length, at + 6);
        while (at < limit && text[at] is ':' or '=' or '>' or ' ' or '"' or '\'')
        {
            at++;
        }

        return at >= text.Length ? -1 : colon && text[at] is '\r' or '\n' ? OnNextLine(text, at) : at;
    }

    // "Password:" and the password alone on the line below, as forms and mails write it; where more stands there, it is prose or a structure.
    private static int OnNextLine(ReadOnlySpan<char> text, int at)
    {
        at += text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n' ? 2 : 1;
        int limit = Math.Min(text.Length, at + Farthest);
        while (at < limit && text[at] is ' ' or '\t')
        {
            at++;
        }

        ReadOnlySpan<char> line = text[at..Math.Min(text.Length, at + LongestValue)];
        int end = line.IndexOfAny('\r', '\n');
        line = (end < 0 ? line : line[..end]).TrimEnd(' ');
        return line.Length > 0 && line.IndexOfAny(' ', '\t') < 0 && line[^1] is not (':' or ',' or ';' or '>') ? at : -1;
    }
}
