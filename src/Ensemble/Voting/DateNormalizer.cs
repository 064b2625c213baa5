using System.Globalization;
using System.Text.RegularExpressions;

namespace Ensemble;

/// <summary>Reads a date and writes it as <c>2026-03-05</c>. <c>3/5/2026</c> is no ballot unless somebody says which number is the day.</summary>
internal sealed partial class DateNormalizer(bool? dayFirst) : IBallotNormalizer
{
    private const string Months = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec";

    // Whole words: marble, mayors and decide are no months.
    private const string MonthNames =
        "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])";

    // As far as another day stands from a date.
    private const int Reach = 24;

    private const int MaximumSentence = 160;

    public string? Read(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return FinalAnswer.Find(answer) is { } stated && Pattern().Match(stated) is { Success: true } first
            ? Date(stated, first, first.NextMatch()) is { } date && !IsTakenBack(stated, first, date) ? date : null
            : Pattern().Matches(answer).TakeLast(2).ToArray() switch
            {
                [var only] => Unless(Date(answer, only, null), answer, only),
                [var before, var last] when NotBetween().IsMatch(answer[(before.Index + before.Length)..last.Index]) => Unless(Date(answer, before, null), answer, last),
                [var before, var last] => Unless(Date(answer, last, before), answer, last),
                _ => null,
            };
    }

    // "It was 5 March 2026. No, wait."
    private static string? Unless(string? date, string text, Match match) => Correction.Follows(text[(match.Index + match.Length)..]) ? null : date;

    // "The answer is 5 March 2026. Wait, 6 March 2026."
    private bool IsTakenBack(string text, Match match, string date) =>
        Correction.Follows(text[(match.Index + match.Length)..]) && (match.NextMatch() is not { Success: true } later || Date(later) != date);

    // "Not on March 5" and "March 5 or 6 March" say no date.
    private string? Date(string text, Match match, Match? other)
    {
        // "1 or 2 March 2026" and "2026년 3월 5일 또는 6일" leave the other day bare.
        int end = match.Index + match.Length;
        if (Denial.Covers(text, match.Index, end) || Supposition.Covers(text, match.Index, end) || AboutText().IsMatch(text[Math.Max(0, match.Index - Reach)..match.Index]) || DateRelations.Holds(text, match.Index, end) || Asks().IsMatch(text[end..Math.Min(text.Length, end + MaximumSentence)])
            || BareDayBefore().IsMatch(text[Math.Max(0, match.Index - Reach)..match.Index]) || BareDayBehind().IsMatch(text[end..Math.Min(text.Length, end + Reach)]))
        {
            return null;
        }

        if (other is { Success: true })
        {
            (Match left, Match right) = other.Index < match.Index ? (other, match) : (match, other);
            string between = text[(left.Index + left.Length)..right.Index];

            // Two days in one sentence, and nothing says which, unless the other one is denied.
            bool isOne = Date(left) != Date(right) && between.Length < MaximumSentence && !SentenceEnd().IsMatch(between) && !Denial.Covers(text, other.Index, other.Index + other.Length) && !Contrast().IsMatch(between)
                && !(right.Index == match.Index && Reckoned().IsMatch(text[Math.Max(0, left.Index - Reach)..left.Index]) && Gives().IsMatch(between));
            if (isOne || Joint().IsMatch(between))
            {
                return null;
            }
        }

        return Date(match);
    }

    private string? Date(Match match)
    {
        int year = Number(match, "y");
        int day = Number(match, "d");
        int month = match.Groups["name"] is { Success: true } name
            ? (Months.IndexOf(name.Value[..3], StringComparison.OrdinalIgnoreCase) / 4) + 1
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

    // "Last updated: 5 March 2026" dates the text.
    [GeneratedRegex(@"\b(?:published|updated|modified|accessed|retrieved|posted|written|copyright)\b[^.!?\n]{0,8}$|(?:게시|수정|작성)일?\s*:?\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AboutText();

    // "Was it on 5 March 2026?"
    [GeneratedRegex(@"^[^.!\n?]*\?", RegexOptions.CultureInvariant)]
    private static partial Regex Asks();

    [GeneratedRegex(@"[.!?;]\s|\n|[.!?;]$", RegexOptions.CultureInvariant)]
    private static partial Regex SentenceEnd();

    // "5 March 2026, not 6 March 2026".
    [GeneratedRegex(@"^\s*,?\s*\(?(?:and\s+)?not\s+(?:on\s+)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NotBetween();

    [GeneratedRegex(@"\bnot\b|아니", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Contrast();

    // "3 days after 2 March 2026 is 5 March 2026" gives the second one.
    [GeneratedRegex(@"\b(?:after|before|from|to)\s+(?:\w+day,?\s+)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Reckoned();

    [GeneratedRegex(@"^\s*,?\s*(?:is|gives|yields|(?:will|would)\s+be)\s+(?:\w+day,?\s+)?[*_]*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Gives();

    [GeneratedRegex(@"^\.?\s*(?:,?\s*(?:or|to|and|until|till|through)|일?\s*(?:또는|혹은|에서|부터|이나|와|과|및)|[-–~/,&])\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Joint();

    [GeneratedRegex(@"(?<![0-9./-])[0-9]{1,2}(?:st|nd|rd|th|일)?\.?\s*(?:,|,?\s*(?:or|to|and|until|till|through)|또는|혹은|에서|부터|이나|와|과|및|[-–~/&])\s*(?:the\s+)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex BareDayBefore();

    [GeneratedRegex(@"^\.?\s*(?:,?\s*(?:or|to|and|until|till|through)\s|또는|혹은|에서|부터|이나|와|과|및|[-–~/&])\s*(?:the\s+)?[0-9]{1,2}(?:st|nd|rd|th|일)?(?![0-9:])|^\s*,\s*[0-9]{1,2}일", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex BareDayBehind();

    [GeneratedRegex(
        $$"""
        (?<![0-9./-])(?:
          (?<y>[0-9]{4})(?:[-./](?<m>[0-9]{1,2})[-./](?<d>[0-9]{1,2})|\.\s(?<m>[0-9]{1,2})\.\s(?<d>[0-9]{1,2})|년\s*(?<m>[0-9]{1,2})월\s*(?<d>[0-9]{1,2})일)
         |(?<p>[0-9]{1,2})[-./](?<q>[0-9]{1,2})[-./](?<y>[0-9]{4})
         |(?<d>[0-9]{1,2})(?:st|nd|rd|th)?(?:\s+of)?\s+(?<name>{{MonthNames}})\.?,?\s+(?<y>[0-9]{4})
         |\b(?<name>{{MonthNames}})\.?\s+(?<d>[0-9]{1,2})(?:st|nd|rd|th)?,?\s+(?<y>[0-9]{4})
        )(?![0-9]|[./-][0-9])
        """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Pattern();
}
