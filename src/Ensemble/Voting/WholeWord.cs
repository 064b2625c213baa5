using System.Text.RegularExpressions;

namespace Ensemble;

/// <summary>Finds a word that is not part of a longer one; the endings that Korean writes without a space are no part of it.</summary>
internal static partial class WholeWord
{
    /// <summary>Returns where the word stands first, from a place on, without regard to case, or -1.</summary>
    public static int IndexOf(string text, string word, int from = 0)
    {
        int at = from;
        while ((at = text.IndexOf(word, at, StringComparison.OrdinalIgnoreCase)) >= 0)
        {
            if (IsAt(text, word, at))
            {
                return at;
            }

            at++;
        }

        return -1;
    }

    private static bool IsHangul(char c) => c is >= '가' and <= '힣';

    [GeneratedRegex(@"\G적?(?:입니다|이에요|예요|이다|인|임|이라고|라고|으로|로|이|가|은|는|을|를)?(?![\p{L}\p{N}])", RegexOptions.CultureInvariant)]
    private static partial Regex Ending();

    /// <summary>Says whether the word stands at a place.</summary>
    public static bool IsAt(string text, string word, int at)
    {
        int end = at + word.Length;
        return end <= text.Length && text.AsSpan(at, word.Length).Equals(word, StringComparison.OrdinalIgnoreCase)
            && (at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end]) || (IsHangul(text[end]) && Ending().IsMatch(text, end)));
    }

    /// <summary>Says whether what stands at a place is a part of something longer that a sign joins: un-safe, risk-free, -1, 1.5, 1/10, 5%.</summary>
    public static bool IsPartOfMore(string text, int at, int end) => IsJoinedBefore(text, at) || IsJoinedBehind(text, at, end);

    private static bool IsJoinedBefore(string text, int at)
    {
        if (at == 0)
        {
            return false;
        }

        char sign = text[at - 1];
        char before = at > 1 ? text[at - 2] : ' ';
        return char.IsDigit(text[at]) ? sign is '-' or '−' or '–' or '+' or '/' or '<' or '>' or '≥' or '≤' or '~' or '^' or '√' or '±' || (sign is '.' or ',' or ':' && (char.IsDigit(before) || sign == '.')) || SignedNumber().IsMatch(text[Math.Max(0, at - 16)..at])
            : sign is '!' or '¬' or '~' || (sign is '-' or '‐' or '‑' or '−' && char.IsLetterOrDigit(before));
    }

    private static bool IsJoinedBehind(string text, int at, int end)
    {
        if (end >= text.Length)
        {
            return false;
        }

        char sign = text[end];
        char next = end + 1 < text.Length ? text[end + 1] : ' ';
        return char.IsDigit(text[end - 1]) && char.IsDigit(text[at])
            ? sign is '%' or '‰' or '+' or '^' or '°' or '²' or '³' or '½' || (sign is '.' or ',' or '/' or ':' or '-' or '−' or '–' or '~' && char.IsDigit(next)) || (sign == '-' && char.IsLetter(next)) || BoundedNumber().IsMatch(text, end)
            : sign is '-' or '‐' or '‑' && char.IsLetter(next) && !Related().IsMatch(text, end);
    }

    // "billing-related" is about billing.
    [GeneratedRegex(@"\G.(?:related|based|type|oriented|side|team|level)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Related();

    [GeneratedRegex(@"(?:^|\W)(?:minus|negative|than|least|most|under|over|below|above|up\s+to|plus|times|between|from|[0-9]\s*(?:or|and|to|of))\s+$|[-−+<>≥≤≈]\s+$|(?:[!<>]=|=/=|<>|≠|\\[nlg]eq?)\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SignedNumber();

    [GeneratedRegex(@"\G\s*(?:or\s+(?:more|less|fewer|higher|lower)|(?:hundred|thousand|million|billion|percent|dozen)\b|[+*×÷/^]\s*[0-9]|(?:to|or|and|of)\s+[0-9]|이상|이하|미만|초과|퍼센트|[백천만억])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex BoundedNumber();
}
