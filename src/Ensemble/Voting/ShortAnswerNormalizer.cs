using System.Globalization;
using System.Text;

namespace Ensemble;

/// <summary>Reads a short answer: letters and digits in lower case with single spaces, without an article in front.</summary>
internal sealed class ShortAnswerNormalizer : IBallotNormalizer
{
    private static readonly string[] Articles = ["the ", "a ", "an "];

    public string? Read(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        // Half a surrogate cannot be normalised; as a rune it is the replacement character, which is no letter.
        string text = string.Concat(answer.EnumerateRunes()).Normalize(NormalizationForm.FormKC);
        StringBuilder kept = new(text.Length);
        bool space = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsLetterOrDigit(c) || char.IsSurrogate(c) || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark || IsInsideNumber(text, i))
            {
                if (space && kept.Length > 0)
                {
                    kept.Append(' ');
                }

                kept.Append(char.ToLowerInvariant(c));
                space = false;
            }
            else
            {
                space = true;
            }
        }

        string result = kept.ToString();
        string? article = Array.Find(Articles, a => result.StartsWith(a, StringComparison.Ordinal));
        result = article is null ? result : result[article.Length..];
        return result.Length == 0 ? null : result;
    }

    // 3.5 and 35 are different answers, and so are -4 and 4.
    private static bool IsInsideNumber(string text, int i) =>
        i + 1 < text.Length && char.IsAsciiDigit(text[i + 1])
        && (text[i] is '.' or ',' ? i > 0 && char.IsAsciiDigit(text[i - 1]) : text[i] == '-' && (i == 0 || char.IsWhiteSpace(text[i - 1])));
}
