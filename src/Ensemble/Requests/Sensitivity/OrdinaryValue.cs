using System.Buffers;

namespace Ensemble;

/// <summary>
/// Tells what stands behind the name of a secret and is none: rules about passwords, source code, paths, types, dates and placeholders. Wrongly
/// found, each would cost a user the hosted models.
/// </summary>
internal static class OrdinaryValue
{
    // Of ASCII only, and none shorter than three: otherwise the search is not vectorised.
    private static readonly SearchValues<string> Placeholders = SearchValues.Create(
        ["your_", "your-", "yourpass", "yourkey", "yourapi", "_here", "-here", "example_", "example-", "_example", "-example", "change_me", "changeme", "change-me", "xxxx", "placeholder", "replace_", "replace-", "replaceme", "insert_", "dummy", "redacted"],
        StringComparison.OrdinalIgnoreCase);

    // What follows the name when the text is about secrets and gives none.
    private static readonly WordSet Descriptions = new(
    [
        "reset", "length", "len", "min", "max", "minimum", "maximum", "age", "days", "policy", "policies", "url", "uri", "path", "file", "hint", "version", "type", "name", "field", "id", "ids",
        "expires", "expiry", "expiration", "count", "strength", "rule", "rules", "hash", "hasher", "manager", "link", "page", "class", "arn", "ref", "label", "format", "history", "attempts", "requirements", "updated", "created",
    ]);

    // What values of code and prose begin with.
    private static readonly WordSet Words = new(
    [
        "required", "string", "expected", "optional", "version", "ticket", "default", "system", "text", "value", "field", "input", "type", "int", "min", "max", "minimum", "maximum", "chars", "page", "chapter", "section", "step", "note",
        "issue", "table", "figure", "column", "level", "expires", "int32", "utf", "sha", "md", "bcrypt", "argon", "base",
    ]);

    // What a form or a page lists under "Password", with its version: OAuth2, TLS1.3, PBKDF2.
    private static readonly WordSet Schemes = new(["oauth", "saml", "tls", "ssl", "ntlm", "pbkdf", "pkcs", "fido", "totp", "hmac", "aes", "rsa", "ecdsa", "scrypt", "yescrypt", "http", "rfc"]);

    private static readonly SearchValues<char> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly SearchValues<char> Version = SearchValues.Create("0123456789.-");

    private static readonly SearchValues<char> Identifier = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_");

    /// <summary>Says whether the words between the name and its value describe a secret: "password_min_length", "secretName", "password reset code".</summary>
    public static bool IsDescribed(ReadOnlySpan<char> between)
    {
        for (int at = 0; at < between.Length;)
        {
            if (!char.IsAsciiLetter(between[at]))
            {
                at++;
                continue;
            }

            int start = at++;
            while (at < between.Length && char.IsAsciiLetter(between[at]) && !(char.IsAsciiLetterUpper(between[at]) && char.IsAsciiLetterLower(between[at - 1])))
            {
                at++;
            }

            if (Descriptions.Contains(between[start..at]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Says whether a value is no secret.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where the value begins.</param>
    /// <param name="end">Where it ends.</param>
    public static bool Is(ReadOnlySpan<char> text, int start, int end)
    {
        ReadOnlySpan<char> value = text[start..end];
        bool quoted = start > 0 && text[start - 1] is '"' or '\'';
        return value.ContainsAny(Placeholders) || HasDate(value) || IsPath(value) || IsRange(value) || (!quoted && (IsCode(value) || IsAmount(text, value, end)));
    }

    // 2024-11-26, also within a time or a version.
    private static bool HasDate(ReadOnlySpan<char> value)
    {
        for (int at = value.IndexOf('-'); at >= 4 && at + 5 < value.Length;)
        {
            if (value[at - 4] is '1' or '2' && value[at - 3] is '9' or '0' && AreDigits(value[(at - 2)..at]) && AreDigits(value.Slice(at + 1, 2)) && value[at + 3] == '-' && AreDigits(value.Slice(at + 4, 2)))
            {
                return true;
            }

            int step = value[(at + 1)..].IndexOf('-');
            at = step < 0 ? -1 : at + 1 + step;
        }

        return false;
    }

    // Each part is of letters or of digits: keys of Base64 mix them.
    private static bool IsPath(ReadOnlySpan<char> value)
    {
        if (!value.Contains('/'))
        {
            return false;
        }

        if (value[0] is '/' or '.' or '~' && value.Length < 40)
        {
            return true;
        }

        foreach (Range part in value.Split('/'))
        {
            ReadOnlySpan<char> one = value[part];
            if (one.ContainsAnyInRange('0', '9') && !AreDigits(one))
            {
                return false;
            }
        }

        return true;
    }

    // "8-16", also with a unit of another script behind it.
    private static bool IsRange(ReadOnlySpan<char> value)
    {
        int hyphen = value.IndexOfAny('-', '~', '\u2013');
        if (hyphen is < 1 or > 3 || !AreDigits(value[..hyphen]))
        {
            return false;
        }

        int rest = value[(hyphen + 1)..].IndexOfAnyExceptInRange('0', '9');
        int digits = rest < 0 ? value.Length - hyphen - 1 : rest;
        return digits is >= 1 and <= 3 && (rest < 0 || value[hyphen + 1 + rest] > 127);
    }

    // A member of an object, or a word that code and prose put there: "user.password2", "required1".
    private static bool IsCode(ReadOnlySpan<char> value)
    {
        int letters = value.IndexOfAnyExcept(Letters);
        if (letters > 0 && Words.Contains(value[..letters]))
        {
            return true;
        }

        // By itself only: a password may begin so.
        if (letters > 0 && value.Length - letters <= 4 && !value[letters..].ContainsAnyExcept(Version) && Schemes.Contains(value[..letters]))
        {
            return true;
        }

        int dot = value.IndexOf('.');
        if (dot < 2)
        {
            return false;
        }

        foreach (Range part in value.Split('.'))
        {
            ReadOnlySpan<char> one = value[part];
            int digit = one.IndexOfAnyInRange('0', '9');
            ReadOnlySpan<char> name = digit < 0 ? one : one[..digit];
            if (name.Length < 2 || name.ContainsAnyExcept(Identifier) || (digit >= 0 && !AreDigits(one[digit..])))
            {
                return false;
            }
        }

        return true;
    }

    // "123456 minutes"
    private static bool IsAmount(ReadOnlySpan<char> text, ReadOnlySpan<char> value, int end) =>
        AreDigits(value) && end + 2 < text.Length && text[end] == ' ' && char.IsAsciiLetterLower(text[end + 1]) && char.IsAsciiLetterLower(text[end + 2]) && !text[(end + 1)..].StartsWith("and ") && !text[(end + 1)..].StartsWith("is ") && !text[(end + 1)..].StartsWith("for ");

    private static bool AreDigits(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAnyExceptInRange('0', '9');
}
