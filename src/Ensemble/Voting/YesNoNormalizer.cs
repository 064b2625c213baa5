using System.Text.RegularExpressions;

namespace Ensemble;

/// <summary>Reads yes or no in English and Korean. A sentence that says neither at its start nor after "answer", or says both, is no ballot.</summary>
internal sealed partial class YesNoNormalizer : IBallotNormalizer
{
    private const string Yes = "of\\s+course|absolutely|definitely|certainly|indeed|sure|affirmative|yes|yeah|yep|yup|yea|true|correct|that(?:\\s+is|['’]s)\\s+(?:right|true|correct)|ㅇㅇ|ㅇㅋ|네|넵|예|응|맞습니다|맞아요|맞아|맞다|맞음|그렇습니다|그렇다|그래요|그래|그럼요|물론입니다|물론이죠|물론|당연합니다|당연하죠|가능합니다|가능해요|가능하다|사실이다|사실입니다|참|옳다|옳습니다";

    private const string No = "not\\s+at\\s+all|(?:of\\s+course|absolutely|definitely|certainly|surely|clearly|obviously)\\s+not|by\\s+no\\s+means|no\\s+way|in\\s+no\\s+way|never|nah|nay|no|nope|false|incorrect|wrong|untrue|that(?:\\s+is|['’]s)\\s+(?:not\\s+(?:right|true|correct)|wrong|false|incorrect)|ㄴㄴ|아니오|아니요|아뇨|아닙니다|아니에요|아니다|아니야|아니|아님|전혀\\s+(?:아닙니다|아니다|아니에요|그렇지\\s+않습니다)|절대\\s+(?:아닙니다|아니다|아니에요)|그렇지 않습니다|그렇지 않아요|그렇지 않다|맞지 않습니다|맞지 않아요|맞지 않다|옳지 않다|옳지 않습니다|틀렸습니다|틀립니다|틀렸다|틀리다|불가능합니다|불가능해요|불가능하다|가능하지 않습니다|가능하지 않다|사실이 아닙니다|사실이 아니다|거짓";

    // A word that stands for the whole clause ends it: "no doubt" and "true north" are no answers.
    private const string End = @"(?=\s*(?:[.,;:!?*)\]""'`\n—–-]|$)|\s+\((?=(?:the|it|that|this|these|they|he|she|we|you|there|because|since|as|see|all|every|both)\b)|\s+(?:it|that|they|we|he|she|there|i)\b)";

    private static readonly HashSet<string> Frame = new(StringComparer.OrdinalIgnoreCase)
    {
        "i", "we", "i'd", "we'd", "would", "must", "do", "have", "to", "say", "answer", "think", "believe", "guess", "vote", "go", "with", "for", "conclude", "choose", "pick", "reply", "respond", "am", "now", "it", "it's", "its", "is", "this", "that",
        "that's", "the", "a", "an", "my", "our", "verdict", "result", "conclusion", "decision", "response", "label", "statement", "claim", "sentence", "assertion", "final", "short", "brief", "in", "so", "therefore", "thus", "hence", "then", "and",
        "well", "oh", "hmm", "ah", "hell", "ok", "okay", "right", "probably", "likely", "most", "clearly", "obviously", "certainly", "definitely", "absolutely", "indeed", "quite", "very", "simply", "just", "be", "actually", "honestly", "personally", "sadly", "fortunately", "unfortunately", "case",
    };

    public string? Read(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        string text = ChoiceJson.Unwrap(answer);
        if (Doubtful().IsMatch(text))
        {
            return null;
        }

        if (FinalAnswer.Find(text) is { } stated && Leading().IsMatch(stated))
        {
            int at = text.LastIndexOf(stated, StringComparison.Ordinal);
            return Supposition.Covers(text, at, at) ? null : Lead(stated);
        }

        return Leading().IsMatch(text) ? Lead(text) : Only(text);
    }

    private static string? Lead(string text) =>
        Leading().Match(text) is { Success: true } match && text[(match.Index + match.Length)..] is var rest
            && !(Politeness().IsMatch(match.Groups["yes"].Value) && !Alone().IsMatch(rest)) && !Question().IsMatch(rest) && !(match.Groups["no"].Value.Equals("no", StringComparison.OrdinalIgnoreCase) && Ordinal().IsMatch(rest)) && !(match.Groups["yes"].Success ? Contradiction() : Agreement()).IsMatch(rest) ? Settled(match, text) : null;

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

    // "I would say yes." ends with its only such word, and its sentence has nothing else to say; a negation anywhere makes it unreadable.
    private static string? Only(string text)
    {
        MatchCollection words = Word().Matches(text);
        return !DoubleNegation().IsMatch(text) && words.Count == 1 && Closing().IsMatch(text) && IsFrame(text[..words[0].Index]) ? words[0].Groups["yes"].Success ? "yes" : "no" : null;
    }

    // What a sentence may say before its yes or no; "he said", "the question is whether" and "the opposite of" are none of it. Korean words are not looked at.
    private static bool IsFrame(string before)
    {
        string sentence = before[(before.LastIndexOfAny(['.', '!', '?', ';', ':', '\n']) + 1)..];
        foreach (Match word in Words().Matches(Aside().Replace(sentence, "")))
        {
            if (!Frame.Contains(word.Value.Replace('’', '\'')))
            {
                return false;
            }
        }

        return true;
    }

    [GeneratedRegex($@"^[\s:*""'`(\[=]*(?:(?<no>{No})|(?<yes>{Yes}))(?:입니다|이에요|예요|이다)?{End}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Leading();

    [GeneratedRegex(
        $@"(?:[.,;:!?\n—–(-]|\b(?:but|yet|or|and|although|though)\b)[\s*""'(]*(?:but\s+|and\s+|or\s+|also\s+)?(?<correction>(?:(?:no\s*,\s*)?(?:wait|actually|sorry|correction|rather|i\s+mean|on\s+second\s+thought|사실은?|정정)[\s,:.]*)+)?(?:the\s+answer\s+is\s+)?(?:(?<no>{No})|(?<yes>{Yes})){End}",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Clause();

    // "Yes, it is not.", "Yes, that is false.", "Yes. That is impossible.", 네, 안 됩니다.
    [GeneratedRegex(@"^[\s.!]*(?:it|that|this)(?:\s+is|['’]s)\s+(?:simply\s+)?(?:false|wrong|incorrect|untrue|impossible|not\s+(?:true|right|correct|possible))\b|^[^.!?\n]{0,80}(?:\b(?:not|never|false|wrong|incorrect|untrue|impossible)|n['’]t)\s*(?:[.!]|$)|^[^.!?\n]{0,40}(?:않|없|못|안\s?[되됩돼]|아니|아닙|불가)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Contradiction();

    // "No, it is.", "No, that is correct.", "No. It is true."
    [GeneratedRegex(@"^[\s.!]*(?:it|that|this)(?:\s+is|['’]s)\s+(?:true|right|correct)\b|^\s*,\s*(?:it|that|this|they|he|she|you|there)\s*(?:is|was|are|were|does|do|did|can|will|would|has|have|['’]s|['’]re)\s*(?:(?:indeed|absolutely|quite|totally)\s+)?(?:true|right|correct)?\s*(?:[.!]|$)|^[^.!?\n]{0,40}(?:맞습|맞아|맞다|맞음|옳습|옳다|있습니다|있어요)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Agreement();

    // "Yes?" asks, and what "yes" is is said behind: "'Yes' is wrong."
    [GeneratedRegex(@"^\s*[\s*""')\]]*(?:\?|(?:is|was|are|would|could|can|cannot|seems?|isn['’]t|can['’]t)\b)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Question();

    // "Sure, let me think" and "Certainly! Here is …" agree to answer.
    [GeneratedRegex(@"^(?:sure|certainly|of\s+course|absolutely|definitely|물론\w*)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Politeness();

    [GeneratedRegex(@"^[\s.!,*)""'\]]*(?:$|(?:it|that|this|they|he|she|we|you|there)\s+(?:is|are|was|were|do|does|did|can|could|will|would|has|have|should)\b|(?:because|since|as|yes|no|but|not)\b)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Alone();

    // "Without a doubt", "according to the text, …", and the reasons in front of a "so".
    [GeneratedRegex(@"\bwithout\s+(?:a\s+|any\s+)?(?:doubt|question)\b|^\s*(?:based\s+on|according\s+to|given|considering|from)\b[^,]*,|^.*,\s*(?=(?:and\s+)?(?:so|therefore|thus|hence)\b)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Aside();

    [GeneratedRegex(@"[A-Za-z][A-Za-z'’]*", RegexOptions.CultureInvariant)]
    private static partial Regex Words();

    // "No. 5" is a number.
    [GeneratedRegex(@"^\.\s*#?[0-9]", RegexOptions.CultureInvariant)]
    private static partial Regex Ordinal();

    // Both, or only as long as something holds.
    [GeneratedRegex(@"^[\s*""'(]*(?:yes|no|네|예|아니요|아니오)\s*(?:[,(]\s*)?(?:but\s+)?(?:only\s+)?(?:and(?=\s+(?:yes|no)\b)|or|/|혹은|또는|이자|if|unless|when|provided|as\s+long\s+as|assuming|depending|partly|partially|sometimes|과)\b|^[\s*""'(]*(?:it\s+depends|maybe|perhaps|possibly|probably\s+maybe)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Doubtful();

    [GeneratedRegex($@"(?<!\w)(?:(?<no>{No}|not|never|\w+n['’]t)|(?<yes>{Yes}))(?!\w)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    // "It is not that it is wrong."
    [GeneratedRegex(@"(?:틀린|틀리지|잘못된|아닌|거짓인)\s*(?:것은|것이|건|게|지)?\s*(?:아니|아닙|아님|않)", RegexOptions.CultureInvariant)]
    private static partial Regex DoubleNegation();

    [GeneratedRegex($@"(?<!\w)(?:{No}|{Yes})[\s.!*""')\]]*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Closing();
}
