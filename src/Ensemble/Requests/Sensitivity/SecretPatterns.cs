using System.Buffers;

namespace Ensemble;

/// <summary>
/// Keys and tokens in the formats their issuers document: AWS, GitHub, GitLab, OpenAI, Anthropic, OpenRouter, Groq, xAI, Hugging Face, Slack, Stripe, SendGrid, DigitalOcean, Docker, Shopify, NVIDIA, Perplexity, PyPI,
/// Google, npm, bots of Discord, JSON web tokens, private keys in PEM, and what a setting calls a key or a password. Each is found by a character that its prefix must hold.
/// </summary>
internal static class SecretPatterns
{
    private const string PemBegin = "BEGIN ";
    private const string PemEnd = "PRIVATE KEY";

    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    private static readonly SearchValues<char> AlphaNumeric =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

    private static readonly SearchValues<char> Base32 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");

    /// <summary>Tries the formats whose prefix holds the character at an index.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The index of the character.</param>
    /// <param name="floor">The end of the last match.</param>
    /// <param name="start">Where the match begins.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="next">Where to go on when nothing matches.</param>
    public static bool TryMatch(ReadOnlySpan<char> text, int at, int floor, out int start, out int end, out int next)
    {
        next = at + 1;
        start = at;
        end = at;
        switch (text[at])
        {
            case '-':
                return at + 1 < text.Length && text[at + 1] == '-'
                    ? TryPem(text, at, out start, out end, out next)
                    : TryHyphen(text, at, floor, out start, out end);
            case '_':
                return TryUnderscore(text, at, floor, out start, out end);
            case 'J':
                return TryJsonWebToken(text, at, floor, out start, out end);
            case 'K':
                return TryPrefix(text, at - 1, floor, "AKIA", Base32, 16, 16, out start, out end);
            case '=':
                return SettingPattern.TryMatch(text, at, floor, out start, out end);
            case 'S' when at + 1 < text.Length && text[at + 1] == 'G':
                return TryPrefix(text, at, floor, "SG.", TokenCharacters, 22, 22, out start, out end)
                    && end < text.Length && text[end] == '.' && HasBody(text, end + 1, TokenCharacters, 43, 43, out end);
            case 'S':
                return TryPrefix(text, at - 1, floor, "ASIA", Base32, 16, 16, out start, out end);
            default:
                return TryPrefix(text, at - 2, floor, "AIza", TokenCharacters, 35, 35, out start, out end);
        }
    }

    /// <summary>Tries the formats that a digit behind a letter finds: access tokens of Google and tokens of Discord bots.</summary>
    public static bool TryDigits(ReadOnlySpan<char> text, int at, int next, int floor, out int start, out int end)
    {
        (start, end) = (at, at);
        return (next - at) switch
        {
            1 => next < text.Length && text[next] is 'M' or 'N' or 'O' or '.' && DiscordToken.TryMatch(text, at, floor, out start, out end),
            2 => text[at - 1] == 'a' && TryPrefix(text, at - 2, floor, "ya29.", TokenCharacters, 20, int.MaxValue, out start, out end),
            _ => false,
        };
    }

    private static bool TryHyphen(ReadOnlySpan<char> text, int at, int floor, out int start, out int end)
    {
        start = at;
        end = at;
        if (at < floor + 2)
        {
            return false;
        }

        switch (text[at - 1])
        {
            case 'k' when text[at - 2] != 's' || !StartsToken(text, at - 2):
                return false;
            case 'k':
                return TryModelKey(text, at - 2, floor, out start, out end);
            case 'b':
                return TryPrefix(text, at - 4, floor, "xoxb-", TokenCharacters, 20, int.MaxValue, out start, out end);
            case 'a':
                return TryPrefix(text, at - 4, floor, "xoxa-", TokenCharacters, 20, int.MaxValue, out start, out end);
            case 'p':
                return TryPrefix(text, at - 4, floor, "xoxp-", TokenCharacters, 20, int.MaxValue, out start, out end)
                    || TryPrefix(text, at - 4, floor, "xapp-", TokenCharacters, 20, int.MaxValue, out start, out end);
            case 'i':
                return TryPrefix(text, at - 3, floor, "xai-", TokenCharacters, 20, int.MaxValue, out start, out end)
                    || TryPrefix(text, at - 5, floor, "nvapi-", TokenCharacters, 40, int.MaxValue, out start, out end)
                    || TryPrefix(text, at - 4, floor, "pypi-", TokenCharacters, 32, int.MaxValue, out start, out end);
            case 'x':
                return TryPrefix(text, at - 4, floor, "pplx-", AlphaNumeric, 40, int.MaxValue, out start, out end);
            case 'X':
                return TryPrefix(text, at - 6, floor, "GOCSPX-", TokenCharacters, 24, int.MaxValue, out start, out end);
            case 'r':
                return TryPrefix(text, at - 4, floor, "xoxr-", TokenCharacters, 20, int.MaxValue, out start, out end);
            case 's':
                return TryPrefix(text, at - 4, floor, "xoxs-", TokenCharacters, 20, int.MaxValue, out start, out end);
            case 't':
                return TryPrefix(text, at - 5, floor, "glpat-", TokenCharacters, 20, int.MaxValue, out start, out end)
                    || TryPrefix(text, at - 4, floor, "glrt-", TokenCharacters, 20, int.MaxValue, out start, out end);
            default:
                return false;
        }
    }

    /// <summary>The keys of OpenAI, Anthropic and OpenRouter; the letter after <c>sk-</c> says which of the longer prefixes it can be.</summary>
    private static bool TryModelKey(ReadOnlySpan<char> text, int at, int floor, out int start, out int end)
    {
        bool longer = (at + 3 < text.Length ? text[at + 3] : ' ') switch
        {
            'a' => TryPrefix(text, at, floor, "sk-ant-", TokenCharacters, 20, int.MaxValue, out start, out end)
                || TryPrefix(text, at, floor, "sk-admin-", TokenCharacters, 20, int.MaxValue, out start, out end),
            'o' => TryPrefix(text, at, floor, "sk-or-", TokenCharacters, 20, int.MaxValue, out start, out end),
            'p' => TryPrefix(text, at, floor, "sk-proj-", TokenCharacters, 20, int.MaxValue, out start, out end),
            's' => TryPrefix(text, at, floor, "sk-svcacct-", TokenCharacters, 20, int.MaxValue, out start, out end),
            _ => Nothing(at, out start, out end),
        };
        return longer || TryPrefix(text, at, floor, "sk-", AlphaNumeric, 32, 64, out start, out end);
    }

    private static bool Nothing(int at, out int start, out int end)
    {
        start = at;
        end = at;
        return false;
    }

    private static bool TryUnderscore(ReadOnlySpan<char> text, int at, int floor, out int start, out int end)
    {
        start = at;
        end = at;
        if (at < floor + 2)
        {
            return false;
        }

        switch (text[at - 1])
        {
            case 'p' or 'o' or 'u' or 's' or 'r' when text[at - 2] == 'h':
                // The letter before the underscore says whose token it is: personal, OAuth, user, server, refresh.
                return TryPrefix(text, at - 3, floor, "gh", text[at - 1], TokenCharacters, 36, out start, out end);
            case 'p':
                return TryPrefix(text, at - 3, floor, "dop_v1_", AlphaNumeric, 40, int.MaxValue, out start, out end);
            case 'r':
                return TryPrefix(text, at - 4, floor, "dckr_pat_", TokenCharacters, 20, int.MaxValue, out start, out end);
            case 't':
                return TryPrefix(text, at - 5, floor, "shpat_", AlphaNumeric, 32, int.MaxValue, out start, out end);
            case 'c':
                return TryPrefix(text, at - 5, floor, "whsec_", AlphaNumeric, 24, int.MaxValue, out start, out end);
            case 'b':
                return TryPrefix(text, at - 6, floor, "github_pat_", TokenCharacters, 20, int.MaxValue, out start, out end);
            case 'f':
                return TryPrefix(text, at - 2, floor, "hf_", AlphaNumeric, 30, int.MaxValue, out start, out end);
            case 'm':
                return TryPrefix(text, at - 3, floor, "npm_", AlphaNumeric, 36, 36, out start, out end);
            case 'k':
                return TryPrefix(text, at - 3, floor, "gsk_", AlphaNumeric, 40, int.MaxValue, out start, out end)
                    || TryPrefix(text, at - 2, floor, "sk_live_", AlphaNumeric, 16, int.MaxValue, out start, out end)
                    || TryPrefix(text, at - 2, floor, "sk_test_", AlphaNumeric, 16, int.MaxValue, out start, out end)
                    || TryPrefix(text, at - 2, floor, "rk_live_", AlphaNumeric, 16, int.MaxValue, out start, out end)
                    || TryPrefix(text, at - 2, floor, "rk_test_", AlphaNumeric, 16, int.MaxValue, out start, out end);
            default:
                return false;
        }
    }

    private static bool TryPrefix(ReadOnlySpan<char> text, int start, int floor, string prefix, char kind, SearchValues<char> allowed, int length, out int begin, out int end)
    {
        end = start;
        begin = start;
        int body = start + prefix.Length + 2;
        return start >= floor && IsTokenAt(text, body + length - 1) && text[start..].StartsWith(prefix) && text[start + prefix.Length] == kind
            && StartsToken(text, start) && HasBody(text, body, allowed, length, int.MaxValue, out end);
    }

    private static bool TryPrefix(ReadOnlySpan<char> text, int start, int floor, string prefix, SearchValues<char> allowed, int fewest, int most, out int begin, out int end)
    {
        begin = start;
        end = start;
        int body = start + prefix.Length;

        // Mostly the text goes on too soon with something else, which one look at the last place needed shows.
        return start >= floor && IsTokenAt(text, body + fewest - 1) && StartsToken(text, start) && text[start..].StartsWith(prefix)
            && HasBody(text, body, allowed, fewest, most, out end);
    }

    /// <summary>Three base64url parts with dots; the first two are JSON objects, which begin with <c>eyJ</c> when encoded.</summary>
    private static bool TryJsonWebToken(ReadOnlySpan<char> text, int at, int floor, out int start, out int end)
    {
        start = at - 2;
        end = at;
        if (start < floor || text[start] != 'e' || text[start + 1] != 'y' || !StartsToken(text, start))
        {
            return false;
        }

        int payload = start + Run(text[start..], TokenCharacters);
        if (payload - start < 10 || !text[payload..].StartsWith(".eyJ"))
        {
            return false;
        }

        payload++;
        int signature = payload + Run(text[payload..], TokenCharacters);
        if (signature - payload < 5 || signature >= text.Length || text[signature] != '.')
        {
            return false;
        }

        signature++;
        end = signature + Run(text[signature..], TokenCharacters);
        return end - signature >= 20;
    }

    /// <summary>Five hyphens, then <c>BEGIN … PRIVATE KEY</c>; the whole run of hyphens is passed in any case.</summary>
    private static bool TryPem(ReadOnlySpan<char> text, int at, out int start, out int end, out int next)
    {
        int run = text[at..].IndexOfAnyExcept('-');
        next = run < 0 ? text.Length : at + run;
        start = next - 5;
        end = next;
        if (run < 5 || !text[next..].StartsWith(PemBegin))
        {
            return false;
        }

        // The longest kind in use is "OPENSSH " or "ENCRYPTED ".
        ReadOnlySpan<char> label = text[(next + PemBegin.Length)..];
        label = label[..Math.Min(label.Length, 24)];
        int key = label.IndexOf(PemEnd);
        if (key < 0 || label[..key].IndexOfAnyExcept(SecretLabel) >= 0)
        {
            return false;
        }

        end = next + PemBegin.Length + key + PemEnd.Length;
        return true;
    }

    private static readonly SearchValues<char> SecretLabel = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ ");

    private static bool HasBody(ReadOnlySpan<char> text, int start, SearchValues<char> allowed, int fewest, int most, out int end)
    {
        end = start;
        int length = Run(text[start..], allowed);
        end = start + length;
        return length >= fewest && length <= most && (end >= text.Length || !CharacterClass.Is(text[end], CharacterClass.Word | CharacterClass.Joiner));
    }

    private static bool IsTokenAt(ReadOnlySpan<char> text, int at) => at < text.Length && CharacterClass.Is(text[at], CharacterClass.Word | CharacterClass.Joiner);

    private static bool StartsToken(ReadOnlySpan<char> text, int start) => start == 0 || !CharacterClass.Is(text[start - 1], CharacterClass.Word | CharacterClass.Joiner) || Escape.EndsAt(text, start, 0);

    private static int Run(ReadOnlySpan<char> text, SearchValues<char> allowed)
    {
        int end = text.IndexOfAnyExcept(allowed);
        return end < 0 ? text.Length : end;
    }
}
