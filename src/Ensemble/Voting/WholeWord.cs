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

    [GeneratedRegex(@"\G적?(?:입니다|이에요|예요|이다|임|이라고|라고|으로|로|이|가|은|는|을|를)?(?![\p{L}\p{N}])", RegexOptions.CultureInvariant)]
    private static partial Regex Ending();

    /// <summary>Says whether the word stands at a place.</summary>
    public static bool IsAt(string text, string word, int at)
    {
        int end = at + word.Length;
        return end <= text.Length && text.AsSpan(at, word.Length).Equals(word, StringComparison.OrdinalIgnoreCase)
            && (at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end]) || (IsHangul(text[end - 1]) && Ending().IsMatch(text, end)));
    }
}
