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
        while (to < text.Length && to - end < MaximumClause && !ClauseEnds.Contains(text[to], StringComparison.Ordinal) && !Explains().IsMatch(text, to))
        {
            to++;
        }

        return Before().IsMatch(text[from..start]) || Behind().IsMatch(text[end..to]) || Verdict().IsMatch(text[end..Math.Min(text.Length, end + MaximumClause)])
            || (from > 0 && text[from - 1] == ',' && Interrupted().IsMatch(text[Math.Max(0, from - MaximumClause)..(from - 1)]));
    }

    /// <summary>Says the same of the label of an option, whose own text may hold any negation: "B) No", "B) It does not change".</summary>
    public static bool CoversLabel(string text, int start, int end)
    {
        int from = start;
        while (from > 0 && start - from < MaximumClause && !ClauseEnds.Contains(text[from - 1], StringComparison.Ordinal))
        {
            from--;
        }

        return Before().IsMatch(text[from..start]) || DeniesLabel(text, end);
    }

    /// <summary>Says whether what follows the label of an option denies it.</summary>
    public static bool DeniesLabel(string text, int end) => Label().IsMatch(text[end..Math.Min(text.Length, end + MaximumClause)]);

    // A new thought ends it: "not sure but A".
    [GeneratedRegex(
        @"(?:\b(?:not(?!\s+surprising)|never|neither|nor|cannot|hardly|barely|scarcely|rarely|seldom|nothing|none|nowhere|except|excluding|excludes?|excluded|unlikely|isnt|wasnt|doesnt|dont|cant|wont|aint|without(?!\s+(?:a\s+|any\s+)?(?:doubt|question))|devoid|falsely|wrongly|mistakenly|almost|nearly|free\s+(?:of|from)|clear\s+of|lacks?|lacking|absence|against|reject(?:s|ed|ing)?|avoid(?:s|ed|ing)?|den(?:y|ies|ied|ying)|doubt(?:s|ful)?|wrong|incorrect|false|mistake|opposite|contrary|unlike|refus(?:e|es|ed)|declin(?:e|es|ed)|disagree[ds]?|nobody|no\s+(?:one|reason|sign|evidence|hint|trace|chance|point)|used\s+to|pseudo|quasi|supposedly|so-called|(?<!more\s+or\s+)less|(?<!at\s+)least|besides|instead\s+of|rather\s+than|other\s+than|apart\s+from|aside\s+from|far\s+from|away\s+from|anything\s+but|all\s+but|short\s+of|less\s+than|rul(?:e|es|ed|ing)\s+out|too\s+\w+\s+(?:to|for)|fail(?:s|ed)?\s+to)\b|\w{2,8}n['’]t\b)(?<!\b(?:no|without|without\s+a|without\s+any)\s+doubt)(?<!\bdoubt(?:ful)?\s+not)(?!(?<!\banything\s|\ball\s).*\b(?:but|so(?=\s+(?:it|the|this|that|i|we|my)\b)|therefore|because|hence)\b)|\b(?:non|un|anti|in)[-\s]?$|\bno(?:\s+longer|\s+way|\s+more)?\s+(?:it\s+is\s+)?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Before();

    // A verb and a negation, before a new clause begins: "A is clearly not right", "A doesn't fit", A는 아니다.
    [GeneratedRegex(
        @"^(?:(?!\b(?:because|since|as|so|but|although|though|while|and|if|when|that|which|who|due|with)\b)[^\n])*?\b(?:(?:is|was|are|were|be|been|do|does|did|can|could|will|would|should|must|may|might|has|have|had|seems?|looks?|appears?|sounds?|turns?\s+out|turned\s+out|proves?|proved)\s+(?:\w+\s+){0,2}(?:not|never|no|wrong|incorrect|false|untrue|unlikely|impossible|out|excluded|rejected|doubtful|questionable|hardly|anything\s+but|far\s+from|a\s+mistake|too)\b|\w{2,8}n['’]t\b|cannot\b|fails?\b)|^\s+out\b|^[^\n]{0,16}(?:아니|아닙|아님|아닌|않|틀|오답|거짓|잘못|없|불가능|어렵|어려|힘들|힘듭|곤란|무리)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Behind();

    // "A?", "A: no", "A? No.", "A (wrong)", "A - false"; "A, no doubt" is none.
    [GeneratedRegex(@"^[\s""'*)]*(?:[:?=(–—,…-]+|\.{2,})?[\s""'*(]*(?:not(?=[\s!.)]*$)|(?:I|we)\s+(?:doubt|disagree|(?:do|would|could|can)(?:\s+not|n['’]t)\s+(?:think|say|believe|agree|call))\b|(?:no|nope|false|wrong|incorrect|never|not\s+(?:really|at\s+all|quite|this|that|it|so|correct|right|true)|0(?![.,%]?[0-9]))\b(?!\s+(?:doubt|question|matter|further|other|more|need|problem))|아니|아뇨|아님|틀)|^[\s""'*)]*\?[\s""'*)]*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Verdict();

    // "B) is wrong", "B isn't right", "B? No.", B는 틀렸다.
    [GeneratedRegex(
        @"^\W{0,4}(?:(?:is|was|are|would\s+be|can|could|must|may|might|should|does|do|has|seems|looks|will)\s+(?:\w+\s+){0,2}(?:not|never|wrong|incorrect|false|untrue|unlikely|impossible|out|excluded|rejected|doubtful|too|tempting|eliminated|a\s+(?:trap|distractor|decoy))\b|(?:is|was|are|would|ca|could|must|should|does|do|wo)n['’]t\b|cannot\b)|^[\s*)\]""']*\?[\s*]*(?:no|nope|false|wrong)\b|^[^\n.]{0,16}(?:아니|아닙|아님|아닌|않|틀)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Label();

    // "A - the reviewer does not recommend it" and "A (he does not …)" tell why; "A - it is not" goes on about A.
    [GeneratedRegex(@"\G\s(?:[–—-]\s|\()(?:the\s+(?:reviewer|author|writer|user|customer|speaker|sender|critic)|he|she|they)\s+(?:(?:do|does|did|is|was|were|are|would|could|can|has|had|will)(?:\s+not|n['’]t)|cannot)\s+(?!(?:sure|certain|clear|right|really|agree|think|say)\b)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Explains();

    // "It is not, in my view, A."
    [GeneratedRegex(@"(?:\bnot|\bnever|n['’]t|\bcannot)(?:\s*,[^.,;:!?\n]*)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Interrupted();
}
