using System.Buffers;
using System.Text;

namespace Ensemble;

/// <summary>
/// Writes e-mail addresses that are spelled in words, "ada at example dot com", as addresses. Only one word, "at", words parted by "dot" and a
/// top-level domain that is in common use are one: "the logo dot svg at the top" is prose.
/// </summary>
internal static class SpokenAddress
{
    private const string At = " at ";

    private const string Dot = " dot ";

    private const int LongestWord = 63;

    private static readonly SearchValues<char> WordCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+.");

    private static readonly string[] Domains =
    [
        "com", "net", "org", "edu", "gov", "mil", "int", "info", "biz", "name", "pro", "dev", "app", "xyz", "online", "site", "shop", "cloud", "tech", "email", "mail", "io", "ai", "co", "me", "tv", "cc", "eu", "kr", "jp", "cn", "tw", "hk",
        "sg", "in", "vn", "th", "id", "my", "ph", "de", "fr", "uk", "es", "it", "nl", "be", "ch", "at", "se", "no", "dk", "fi", "pl", "cz", "pt", "gr", "ie", "ru", "ua", "tr", "il", "ca", "us", "mx", "br", "ar", "cl", "au", "nz", "za",
    ];

    /// <summary>Writes a text with its spoken addresses as addresses; <see langword="null"/> when it holds none.</summary>
    public static string? Write(string text)
    {
        if (!text.Contains(Dot, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        StringBuilder? made = null;
        int from = 0;
        for (int at = text.IndexOf(At, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(At, at, StringComparison.OrdinalIgnoreCase))
        {
            int domain = at + At.Length;
            int end = at > from && WordCharacters.Contains(text[at - 1]) ? DomainEnd(text, domain) : -1;
            if (end < 0)
            {
                at++;
                continue;
            }

            (made ??= new StringBuilder(text.Length)).Append(text, from, at - from).Append('@').Append(text[domain..end].Replace(Dot, ".", StringComparison.OrdinalIgnoreCase));
            at = from = end;
        }

        return made?.Append(text, from, text.Length - from).ToString();
    }

    private static int DomainEnd(string text, int at)
    {
        int best = -1;
        for (int index = 0; index < 5; index++)
        {
            int length = text.AsSpan(at, Math.Min(text.Length - at, LongestWord + 1)).IndexOfAnyExcept(WordCharacters);
            length = length < 0 ? Math.Min(text.Length - at, LongestWord + 1) : length;
            ReadOnlySpan<char> word = text.AsSpan(at, length).TrimEnd('.');
            if (word.Length is 0 or > LongestWord || word.Equals("dot", StringComparison.OrdinalIgnoreCase))
            {
                break;
            }

            best = index > 0 && IsDomain(word) ? at + word.Length : best;
            at += length;
            if (!text.AsSpan(at).StartsWith(Dot, StringComparison.OrdinalIgnoreCase))
            {
                break;
            }

            at += Dot.Length;
        }

        return best;
    }

    private static bool IsDomain(ReadOnlySpan<char> word)
    {
        foreach (string one in Domains)
        {
            if (word.Equals(one, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
