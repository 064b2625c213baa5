using System.Text.RegularExpressions;

namespace Ensemble;

/// <summary>Says whether a text denies what it names: "not A", "non-A", "I wouldn't say A", "A는 아니다".</summary>
internal static partial class Denial
{
    // Where a negation does not reach over.
    private const string ClauseEnds = ".,;:!?\n";

    // Far longer than any clause; keeps the search linear when many names stand in one text without punctuation.
    private const int MaximumClause = 200;

    /// <summary>Says whether what stands at a place is denied in its own clause.</summary>
    public static bool Covers(string text, int start, int end)
    {
        int from = start;
        while (from > 0 && start - from < MaximumClause && !ClauseEnds.Contains(text[from - 1], StringComparison.Ordinal))
        {
            from--;
        }

        int to = end;
        while (to < text.Length && to - end < MaximumClause && !ClauseEnds.Contains(text[to], StringComparison.Ordinal))
        {
            to++;
        }

        return Before().IsMatch(text[from..start]) || Behind().IsMatch(text[end..to]);
    }

    // A new thought ends it: "not sure but A".
    [GeneratedRegex(
        @"(?:\b(?:not|never|neither|nor|cannot|hardly|except|unlikely|isnt|wasnt|doesnt|dont)\b|\w{2,8}n['’]t\b)(?!.*\b(?:but|so|therefore|because|hence|rather)\b)|\bnon[-\s]?$|\bno(?:\s+longer)?\s+$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Before();

    [GeneratedRegex(@"^\W{0,4}(?:\w+\s+)?(?:(?:is|was|are|would\s+be)\s+not\b|(?:is|was|are|would)n['’]t\b)|^\W{0,4}(?:is|was)\s+(?:wrong|incorrect|false)\b|^[^\n]{0,16}(?:아니|아닙|아님|아닌|않|틀)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Behind();
}
