using System.Globalization;
using System.Text.RegularExpressions;

namespace Ensemble;

/// <summary>Reads a date and writes it as <c>2026-03-05</c>. <c>3/5/2026</c> is no ballot unless somebody says which number is the day.</summary>
internal sealed partial class DateNormalizer(bool? dayFirst) : IBallotNormalizer
{
    private const string MonthNames = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec";

    public string? Read(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return (FinalAnswer.Find(answer) is { } stated ? Date(Pattern().Match(stated)) : null) ?? Date(Pattern().Matches(answer).LastOrDefault());
    }

    private string? Date(Match? match)
    {
        if (match is not { Success: true })
        {
            return null;
        }

        int year = Number(match, "y");
        int day = Number(match, "d");
        int month = match.Groups["name"] is { Success: true } name
            ? (MonthNames.IndexOf(name.Value[..3], StringComparison.OrdinalIgnoreCase) / 4) + 1
            : Number(match, "m");
        if (match.Groups["p"].Success)
        {
            (int first, int second) = (Number(match, "p"), Number(match, "q"));
            bool? firstIsDay = first > 12 ? true : second > 12 ? false : first == second ? true : dayFirst;
            if (firstIsDay is not { } isDay)
            {
                return null;
            }

            (day, month) = isDay ? (first, second) : (second, first);
        }

        return year is >= 1 and <= 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month)
            ? string.Create(CultureInfo.InvariantCulture, $"{year:0000}-{month:00}-{day:00}")
            : null;
    }

    private static int Number(Match match, string group) =>
        int.TryParse(match.Groups[group].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : 0;

    [GeneratedRegex(
        $$"""
        (?<![0-9./-])(?:
          (?<y>[0-9]{4})(?:[-./](?<m>[0-9]{1,2})[-./](?<d>[0-9]{1,2})|년\s*(?<m>[0-9]{1,2})월\s*(?<d>[0-9]{1,2})일)
         |(?<p>[0-9]{1,2})[-./](?<q>[0-9]{1,2})[-./](?<y>[0-9]{4})
         |(?<d>[0-9]{1,2})(?:st|nd|rd|th)?(?:\s+of)?\s+(?<name>(?:{{MonthNames}})[a-z]*)\.?,?\s+(?<y>[0-9]{4})
         |(?<name>\b(?:{{MonthNames}})[a-z]*)\.?\s+(?<d>[0-9]{1,2})(?:st|nd|rd|th)?,?\s+(?<y>[0-9]{4})
        )(?![0-9]|[./-][0-9])
        """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Pattern();
}
