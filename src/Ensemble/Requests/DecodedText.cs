using System.Buffers;
using System.Globalization;
using System.Text;

namespace Ensemble;

/// <summary>
/// Writes a text as whoever shows it would: escapes of JSON and of programming languages, entities and tags of HTML, percent encoding,
/// quoted-printable, emphasis of Markdown around digits, and the ways in which people spell an <c>@</c>. A text without a mark of any of
/// these is looked at once, vectorised, and nothing is written.
/// </summary>
internal static class DecodedText
{
    // An escape within an escape within an escape; more is no accident of a serializer.
    private const int MostRounds = 3;

    private const int LongestTag = 1_000;

    private static readonly SearchValues<char> Base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=");

    private static readonly SearchValues<char> Marks = SearchValues.Create("\\&%=<*`~[({");

    private static readonly SearchValues<string> Spellings = SearchValues.Create(
        ["(at)", "[at]", "{at}", "<at>", "(@)", "[@]", "(dot)", "[dot]", "{dot}", "<dot>", "(.)", "[.]"], StringComparison.OrdinalIgnoreCase);

    /// <summary>Adds what a text says besides, once for each way of reading it.</summary>
    public static void AddTo(List<string> texts, string text)
    {
        ReadOnlySpan<char> all = text;
        if (text.Contains(" 골뱅이 ", StringComparison.Ordinal))
        {
            texts.Add(text.Replace(" dot ", ".", StringComparison.OrdinalIgnoreCase).Replace(" 골뱅이 ", "@", StringComparison.Ordinal));
        }
        else if (SpokenAddress.Write(text) is { } spoken)
        {
            texts.Add(spoken);
        }

        if (Joined(text) is var joined && !ReferenceEquals(joined, text))
        {
            texts.Add(joined);
        }

        AddEmbedded(texts, text);
        if (!all.ContainsAny(Marks))
        {
            return;
        }

        string written = AddCharacters(texts, text);
        if (QuotedPrintable(written) is var mail && !ReferenceEquals(mail, written))
        {
            texts.Add(mail);
            written = AddCharacters(texts, mail);
        }

        string shown = WithoutTags(WithoutEmphasis(Spelled(written)));
        if (!ReferenceEquals(shown, written))
        {
            texts.Add(shown);
        }
    }

    // Numbers that a line breaks behind their hyphen, or between two groups of four; and blanks that a form has written as '+'.
    private static string Joined(string text)
    {
        StringBuilder? made = null;
        int from = 0;
        for (int at = NextBreak(text, 0); at >= 0; at = NextBreak(text, at + 1))
        {
            int end = at + (text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n' ? 2 : 1);
            if (at == 0 || end >= text.Length || !char.IsAsciiDigit(text[end]))
            {
                continue;
            }

            bool blank = (text[at] == '+' && char.IsAsciiDigit(text[at - 1])) || (text[at] != '+' && IsGroup(text, at - 4) && IsGroup(text, end));
            if (blank || (text[at] != '+' && at > 1 && text[at - 1] == '-' && char.IsAsciiDigit(text[at - 2])))
            {
                (made ??= new StringBuilder(text.Length)).Append(text, from, at - from).Append(blank ? " " : "");
                from = end;
            }
        }

        return made is null ? text : made.Append(text, from, text.Length - from).ToString();
    }

    private static bool IsGroup(string text, int at) =>
        at >= 0 && at + 4 <= text.Length && !text.AsSpan(at, 4).ContainsAnyExceptInRange('0', '9') && (at == 0 || !char.IsAsciiDigit(text[at - 1])) && (at + 4 == text.Length || !char.IsAsciiDigit(text[at + 4]));

    private static int NextBreak(string text, int from)
    {
        int step = text.AsSpan(from).IndexOfAny('\r', '\n', '+');
        return step < 0 ? -1 : from + step;
    }

    // data:text/plain;base64,…
    private static void AddEmbedded(List<string> texts, string text)
    {
        const string Mark = ";base64,";
        for (int at = text.IndexOf(Mark, StringComparison.Ordinal); at >= 0; at = text.IndexOf(Mark, at, StringComparison.Ordinal))
        {
            at += Mark.Length;
            int length = text.AsSpan(at).IndexOfAnyExcept(Base64);
            ReadOnlySpan<char> body = text.AsSpan(at, (length < 0 ? text.Length - at : length) & ~3);
            byte[] bytes = new byte[body.Length];
            if (Convert.TryFromBase64Chars(body, bytes, out int count) && !bytes.AsSpan(0, count).Contains((byte)0))
            {
                texts.Add(Encoding.UTF8.GetString(bytes, 0, count));
            }
        }
    }

    private static string AddCharacters(List<string> texts, string text)
    {
        for (int round = 0; round < MostRounds; round++)
        {
            string decoded = Characters(text);
            if (ReferenceEquals(decoded, text))
            {
                break;
            }

            texts.Add(decoded);
            text = decoded;
        }

        return text;
    }

    private static string Characters(string text)
    {
        StringBuilder? made = null;
        int from = 0;
        for (int at = Next(text, 0); at >= 0; at = Next(text, at))
        {
            int length = EscapedCharacters.Read(text.AsSpan(at), out string? value);
            if (length == 0)
            {
                at++;
                continue;
            }

            (made ??= new StringBuilder(text.Length)).Append(text, from, at - from).Append(value);
            at += length;
            from = at;
        }

        return made is null ? text : made.Append(text, from, text.Length - from).ToString();
    }

    private static int Next(string text, int from)
    {
        int step = text.AsSpan(from).IndexOfAny('\\', '&', '%');
        return step < 0 ? -1 : from + step;
    }

    // RFC 2045: =40 in upper case, and an equals sign at the end of a line that goes on.
    private static string QuotedPrintable(string text)
    {
        StringBuilder? made = null;
        int from = 0;
        for (int at = text.IndexOf('=', StringComparison.Ordinal); at >= 0; at = text.IndexOf('=', at))
        {
            List<byte> bytes = [];
            int end = at;
            while (end + 2 < text.Length && text[end] == '=' && IsUpperHex(text[end + 1]) && IsUpperHex(text[end + 2]))
            {
                bytes.Add(byte.Parse(text.AsSpan(end + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                end += 3;
            }

            if (bytes.Count == 0 && at + 1 < text.Length && text[at + 1] is '\r' or '\n')
            {
                end = at + (text[at + 1] == '\r' && at + 2 < text.Length && text[at + 2] == '\n' ? 3 : 2);
            }

            if (end == at)
            {
                at++;
                continue;
            }

            (made ??= new StringBuilder(text.Length)).Append(text, from, at - from).Append(Encoding.UTF8.GetString([.. bytes]));
            at = from = end;
        }

        return made is null ? text : made.Append(text, from, text.Length - from).ToString();
    }

    private static bool IsUpperHex(char c) => char.IsAsciiDigit(c) || c is >= 'A' and <= 'F';

    // What only styles a word leaves no gap in it; anything else stands apart.
    private static string WithoutTags(string text)
    {
        StringBuilder? made = null;
        int from = 0;
        for (int at = text.IndexOf('<', StringComparison.Ordinal); at >= 0; at = text.IndexOf('<', at))
        {
            int end = TagEnd(text.AsSpan(at), out bool joins);
            if (end == 0)
            {
                at++;
                continue;
            }

            (made ??= new StringBuilder(text.Length)).Append(text, from, at - from).Append(joins ? "" : " ");
            at = from = at + end;
        }

        return made is null ? text : made.Append(text, from, text.Length - from).ToString();
    }

    private static int TagEnd(ReadOnlySpan<char> text, out bool joins)
    {
        joins = text.StartsWith("<!--");
        ReadOnlySpan<char> near = text[..Math.Min(text.Length, LongestTag)];
        if (joins)
        {
            return near.IndexOf("-->") is > 0 and var close ? close + 3 : 0;
        }

        int name = text.Length > 1 && text[1] == '/' ? 2 : 1;
        if (name >= text.Length || !char.IsAsciiLetter(text[name]))
        {
            return 0;
        }

        int last = name;
        while (last < near.Length && char.IsAsciiLetterOrDigit(near[last]))
        {
            last++;
        }

        joins = near[name..last] is "b" or "i" or "u" or "s" or "a" or "em" or "strong" or "span" or "font" or "mark" or "small" or "big" or "sub" or "sup" or "code" or "kbd" or "tt" or "wbr" or "bdi" or "bdo" or "ins" or "abbr"
            or "B" or "I" or "SPAN" or "FONT";
        return near.IndexOf('>') + 1;
    }

    private static string WithoutEmphasis(string text)
    {
        ReadOnlySpan<char> all = text;
        for (int at = 0; all[at..].IndexOfAny('*', '`', '~') is >= 0 and var step; at += step + 1)
        {
            int mark = at + step;
            if ((mark > 0 && IsOfANumberOrAddress(all[mark - 1])) || (mark + 1 < all.Length && IsOfANumberOrAddress(all[mark + 1])))
            {
                return text.Replace("*", "", StringComparison.Ordinal).Replace("`", "", StringComparison.Ordinal).Replace("~", "", StringComparison.Ordinal);
            }
        }

        return text;
    }

    private static bool IsOfANumberOrAddress(char c) => char.IsAsciiDigit(c) || c == '@';

    private static string Spelled(string text)
    {
        if (!text.AsSpan().ContainsAny(Spellings))
        {
            return text;
        }

        StringBuilder made = new(text.Length);
        int from = 0;
        for (int at = text.AsSpan().IndexOfAny(Spellings); at >= 0;)
        {
            int end = text.AsSpan(at + 1).IndexOfAny(")]}>") + at + 2;
            char sign = text[end - 2] is '.' or 't' or 'T' && text[end - 3] is not ('a' or 'A') ? '.' : '@';
            int first = at > from && text[at - 1] == ' ' ? at - 1 : at;
            made.Append(text, from, first - from).Append(sign);
            from = end < text.Length && text[end] == ' ' ? end + 1 : end;
            int step = text.AsSpan(from).IndexOfAny(Spellings);
            at = step < 0 ? -1 : from + step;
        }

        return made.Append(text, from, text.Length - from).ToString();
    }
}
