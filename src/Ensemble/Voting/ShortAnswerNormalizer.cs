using System.Globalization;
using System.Text;

namespace Ensemble;

/// <summary>Reads a short answer: letters, digits and the symbols that carry meaning, in lower case with single spaces, without an article in front.</summary>
internal sealed class ShortAnswerNormalizer : IBallotNormalizer
{
    private static readonly string[] Articles = ["the ", "a ", "an "];

    public string? Read(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        string text = AnswerSymbols.Fold(AnswerFrame.Without(answer));
        if (AnswerSymbols.Operator(text) is { } alone)
        {
            return alone;
        }

        if (AnswerShapes.Read(text) is { } shape)
        {
            return shape;
        }

        bool isExpression = AnswerSymbols.IsExpression(text);
        StringBuilder kept = new(text.Length);
        bool space = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsLetterOrDigit(c) || char.IsSurrogate(c) || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
                || AnswerSymbols.Stays(text, i, isExpression))
            {
                if (space && kept.Length > 0 && !AnswerSymbols.Joins(text, i))
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
        string? article = Array.Find(Articles, a => result.Length > a.Length && result.StartsWith(a, StringComparison.Ordinal) && char.IsLetterOrDigit(result[a.Length]) && !IsVariable(result, a.Length));
        result = article is null ? result : result[article.Length..];
        return result.Length == 0 ? AnswerSymbols.Alone(text) : result;
    }

    // "a b" is no b.
    private static bool IsVariable(string text, int at) => at + 1 == text.Length || text[at + 1] == ' ';
}
