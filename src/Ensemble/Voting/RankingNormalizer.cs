using System.Text.RegularExpressions;

namespace Ensemble;

/// <summary>
/// Reads a ranking and writes it best first, as <c>a &gt; b &gt; c</c>. Only what parses whole is one: an optional lead ("My ranking:", "worst to best:", 순위:), then known choices and what parts them.
/// What is understood in part is no ballot. A choice that the ranking does not name is behind all others.
/// </summary>
internal sealed partial class RankingNormalizer(IReadOnlyList<string> choices) : IBallotNormalizer
{
    public const string Separator = " > ";

    private readonly RankingList _list = new(choices);

    public string? Read(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        string text = FinalAnswer.Boxed(answer) ?? Fence.Inside(answer);
        if (Reversing().IsMatch(text) && Forward().IsMatch(text))
        {
            return null;
        }

        if (_list.Read(text) is { } whole)
        {
            return Write(whole, text, isReversed: false);
        }

        // The lead nearest to the list says what it is; a name of a choice may be a word of the lead as well ("order").
        MatchCollection leads = Lead().Matches(text);
        for (int i = leads.Count - 1; i >= 0; i--)
        {
            if (_list.Read(text[(leads[i].Index + leads[i].Length)..]) is { } list)
            {
                string lead = text[Sentence(text, leads[i].Index)..(leads[i].Index + leads[i].Length)];
                return Refusing().IsMatch(lead) ? null : Write(list, text, Reversing().IsMatch(text));
            }
        }

        return null;
    }

    // The words at the ends and those of the lead may not contradict each other.
    private static string? Write(RankingList.Ranked list, string text, bool isReversed) =>
        list.Marked is { } marked ? (marked ? Forward() : Reversing()).IsMatch(text) ? null : string.Join(Separator, marked ? list.Choices.Reverse() : list.Choices)
        : string.Join(Separator, list.IsReversed != isReversed ? list.Choices.Reverse() : list.Choices);

    private static int Sentence(string text, int at)
    {
        while (at > 0 && text[at - 1] is not ('.' or '!' or '?' or ';' or '\n'))
        {
            at--;
        }

        return at;
    }

    [GeneratedRegex(
        @"(?:\b(?:answer|ranking|order|rank(?:ed)?|ranks|preference|preferences|list|result|(?:worst|least|lowest|weakest|last|best|most|highest|strongest)(?:\s+(?!to\b|first\b)\w+)?\s+(?:to\s+(?:the\s+)?(?:best|most|highest|strongest|worst|least|lowest|weakest)(?:\s+(?:preferred|important|likely|liked|favou?rite))?|first)|(?:i(?:\s+would|['’]d)?\s+(?:prefer|choose|say|rank)(?:\s+them)?)|them)\b|순위|순서|순서대로|순으로|순|정답|답)(?:\s*\([^()]{0,40}\))?(?:\s+(?:is|are|was|would\s+be|as\s+follows|as|of\s+preference|the\s+(?:choices|options)|here)|은|는|로|으로)*[\s*:=,""“]*",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Lead();

    [GeneratedRegex(@"\b(?:worst|least|lowest|weakest)(?:\s+\w+)?\s+(?:to|→)\s|\b(?:worst|least|lowest|last)(?:\s+\w+)?\s+first\b|\bascending\b|\b(?:increasing|bottom)\b|(?:나쁜|낮은|싫은|못한)\s*(?:것부터|순)|오름차순|최하위부터|꼴찌부터", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Reversing();

    [GeneratedRegex(@"\b(?:best|most|highest|top|strongest)(?:\s+\w+)?\s+to\s|\b(?:best|most|highest)(?:\s+\w+)?\s+first\b|\bdescending\b|\bdecreasing\b|(?:좋은|높은)\s*(?:것부터|순)|내림차순", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Forward();

    // What is said not to be the ranking, or to be another one.
    [GeneratedRegex(@"\b(?:not|never|wrong|incorrect|bad|false|opposite|revers\w*|invert\w*|backwards?|alphabetical\w*|random\w*|original|given|no|neither|instead|unlike|without|their|his|her|wouldn['’]?t|many|some|others|people|critics|experts|previous\w*|former\w*|initial\w*|earlier|(?:first|old)\s+ranking|perhaps|maybe|might|could|unless|suppose|assum\w*|if(?!\s+(?:I|we)\b))\b|n['’]t\b|아니|아닌|반대|역순|거꾸로|가나다|알파벳|틀린", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Refusing();
}
