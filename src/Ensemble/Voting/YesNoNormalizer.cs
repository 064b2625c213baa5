using System.Text.RegularExpressions;

namespace Ensemble;

/// <summary>Reads yes or no in English and Korean. A sentence that says neither at its start nor after "answer", or says both, is no ballot.</summary>
internal sealed partial class YesNoNormalizer : IBallotNormalizer
{
    private const string Yes = "yes|yeah|yep|true|correct|네|예|맞습니다|맞아요|그렇습니다|그래요";

    private const string No = "no|nope|false|incorrect|아니오|아니요|아닙니다|아니에요|틀렸습니다";

    public string? Read(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        string text = ChoiceJson.Unwrap(answer);
        return (FinalAnswer.Find(text) is { } stated ? Lead(stated) : null) ?? Lead(text) ?? Only(text);
    }

    private static string? Lead(string text) =>
        Leading().Match(text) is { Success: true } match ? match.Groups["yes"].Success ? "yes" : "no" : null;

    // "I would say yes." ends with its only such word; a negation anywhere makes it unreadable.
    private static string? Only(string text)
    {
        MatchCollection words = Word().Matches(text);
        return words.Count == 1 && Closing().IsMatch(text) ? words[0].Groups["yes"].Success ? "yes" : "no" : null;
    }

    // The word must end its clause: "no doubt" and "true north" are no answers.
    [GeneratedRegex($@"^[\s:*""'(\[=]*(?:(?<yes>{Yes})|(?<no>{No}))(?=\s*(?:[.,;:!?*)\]""'\n—–-]|$))", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Leading();

    [GeneratedRegex($@"(?<!\w)(?:(?<yes>{Yes})|(?<no>{No}|not|never|\w+n['’]t))(?!\w)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex($@"(?<!\w)(?:{Yes}|{No})[\s.!*""')\]]*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Closing();
}
