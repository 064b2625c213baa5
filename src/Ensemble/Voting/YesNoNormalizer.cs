using System.Text.RegularExpressions;

namespace Ensemble;

/// <summary>Reads yes or no in English and Korean. A sentence that says neither at its start nor after "answer", or says both, is no ballot.</summary>
internal sealed partial class YesNoNormalizer : IBallotNormalizer
{
    private const string Yes = "yes|yeah|yep|true|correct|네|예|응|맞습니다|맞아요|맞아|맞다|맞음|그렇습니다|그렇다|그래요|그래";

    private const string No = "no|nope|false|incorrect|아니오|아니요|아뇨|아닙니다|아니에요|아니다|아니야|아니|아님|그렇지 않습니다|그렇지 않아요|그렇지 않다|맞지 않습니다|맞지 않아요|맞지 않다|틀렸습니다|틀립니다|틀렸다|틀리다";

    // A word that stands for the whole clause ends it: "no doubt" and "true north" are no answers.
    private const string End = @"(?=\s*(?:[.,;:!?*)\]""'\n—–-]|$)|\s+(?:it|that|they|we|he|she|there|i)\b)";

    public string? Read(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        string text = ChoiceJson.Unwrap(answer);
        return FinalAnswer.Find(text) is { } stated && Leading().IsMatch(stated) ? Lead(stated) : Leading().IsMatch(text) ? Lead(text) : Only(text);
    }

    private static string? Lead(string text) =>
        Leading().Match(text) is { Success: true } match && !(match.Groups["yes"].Success && Contradiction().IsMatch(text[(match.Index + match.Length)..])) ? Settled(match, text) : null;

    // "Yes? No." contradicts itself; "Yes. Actually, no." corrects itself.
    private static string? Settled(Match lead, string text)
    {
        string said = Side(lead);
        foreach (Match later in Clause().Matches(text, lead.Index + lead.Length))
        {
            if (Side(later) != said)
            {
                if (!later.Groups["correction"].Success)
                {
                    return null;
                }

                said = Side(later);
            }
        }

        return said;
    }

    private static string Side(Match match) => match.Groups["yes"].Success ? "yes" : "no";

    // "I would say yes." ends with its only such word; a negation anywhere makes it unreadable.
    private static string? Only(string text)
    {
        MatchCollection words = Word().Matches(text);
        return !DoubleNegation().IsMatch(text) && words.Count == 1 && Closing().IsMatch(text) ? words[0].Groups["yes"].Success ? "yes" : "no" : null;
    }

    [GeneratedRegex($@"^[\s:*""'(\[=]*(?:(?<yes>{Yes})|(?<no>{No}))(?:입니다|이에요|예요|이다)?{End}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Leading();

    [GeneratedRegex(
        $@"[.,;:!?\n—–-][\s*""'(]*(?<correction>(?:(?:no\s*,\s*)?(?:wait|actually|sorry|correction|rather|i\s+mean|on\s+second\s+thought|사실은?|정정)[\s,:.]*)+)?(?:the\s+answer\s+is\s+)?(?:(?<yes>{Yes})|(?<no>{No})){End}",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Clause();

    // "Yes, it is not."
    [GeneratedRegex(@"^[^.!?\n]{0,80}(?:\bnot|n['’]t)\s*(?:[.!]|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Contradiction();

    [GeneratedRegex($@"(?<!\w)(?:(?<yes>{Yes})|(?<no>{No}|not|never|\w+n['’]t))(?!\w)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    // "It is not that it is wrong."
    [GeneratedRegex(@"(?:틀린|틀리지|잘못된|아닌|거짓인)\s*(?:것은|것이|건|게|지)?\s*(?:아니|아닙|아님|않)", RegexOptions.CultureInvariant)]
    private static partial Regex DoubleNegation();

    [GeneratedRegex($@"(?<!\w)(?:{Yes}|{No})[\s.!*""')\]]*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Closing();
}
