using System.Text.RegularExpressions;

namespace Ensemble;

// A text that goes on when it has answered.
internal sealed partial class NumberReader
{
    private static readonly HashSet<string> Openings = new(StringComparer.OrdinalIgnoreCase) { "about", "approximately", "around", "exactly", "roughly", "it", "it's", "is", "there", "are", "약", "대략" };

    private static readonly HashSet<string> Reasons = new(StringComparer.OrdinalIgnoreCase) { "because", "since", "as", "but", "while", "whereas", "although", "though" };

    private static readonly HashSet<string> Explanations = new(StringComparer.OrdinalIgnoreCase) { "explanation", "reason", "reasoning", "because", "why", "이유", "이유는", "설명", "풀이", "왜냐하면" };

    // "12, since there are 3 boxes of 4" gives a reason; "12, as in 2020" none.
    private static readonly HashSet<string> Subjects = new(StringComparer.OrdinalIgnoreCase) { "there", "the", "each", "every", "it", "he", "she", "they", "we", "you", "this", "that", "all", "both" };

    // "5. Others came to 6." and "5\nScore: 0.9": who answers at once may go on about anything, and nothing says which of the two is meant.
    private bool ContradictsFirst(int last, out int first)
    {
        first = _phrases.FindIndex(phrase => !_hasDigits || !phrase.IsSpelled);
        return first < last && Opens(_phrases[first]) && !_steps.IsFirst(first) && !Correction.Follows(_text[_tokens[_phrases[first].End - 1].End.._tokens[_phrases[last].Start].Start])
            && !(_phrases[first].Total is { } one && _phrases[last].Total is { } other && one.Equals(other));
    }

    // "12\n\nExplanation: 3 boxes of 4.", "12, since there are 3 boxes."
    private bool IsExplained(int index)
    {
        int at = _phrases[index].End;
        while (at < _tokens.Count && (_tokens[at].Kind == NumberTokenKind.Break || _tokens[at].IsMarkup || _tokens[at].IsAny(".,–#")))
        {
            at++;
        }

        return at < _tokens.Count && _tokens[at].Kind == NumberTokenKind.Word
            && (Explanations.Contains(_tokens[at].Text) || ((_tokens[at].IsWord("since") || _tokens[at].IsWord("as")) && at + 1 < _tokens.Count && Subjects.Contains(_tokens[at + 1].Text)));
    }

    // Nothing stands before it, and its clause ends behind it.
    private bool Opens(NumberPhrase phrase)
    {
        for (int i = 0; i < phrase.Start; i++)
        {
            bool isBullet = _tokens[i].IsAny("*-") && _tokens[i].End < _tokens[i + 1].Start;
            if (isBullet || !(_tokens[i].Kind == NumberTokenKind.Break || _tokens[i].IsMarkup || _tokens[i].IsAny("~≈") || (_tokens[i].Kind == NumberTokenKind.Word && Openings.Contains(_tokens[i].Text))))
            {
                return false;
            }
        }

        int end = phrase.End;
        while (end < _tokens.Count && _tokens[end].IsAny("*_$`\"')]}"))
        {
            end++;
        }

        if (end + 1 >= _tokens.Count)
        {
            return false;
        }

        bool isWord = _tokens[end + 1] is { Kind: NumberTokenKind.Word, IsVariable: false };
        bool goesOn = isWord || _tokens[end + 1].Kind is NumberTokenKind.Number or NumberTokenKind.Break || _tokens[end + 1].IsMarkup;
        return (EndsSentence(end) && !_tokens[end].Is('?') && goesOn) || (_tokens[end].IsAny(",–:") && isWord && !_tokens[end + 1].IsWord("and")) || (_tokens[end].Kind == NumberTokenKind.Word && Reasons.Contains(_tokens[end].Text));
    }

    // "So x = 5. Check: 5 * 2 = 10." answers before it checks; where what follows does not hold the answer, or is no check, both must say the same.
    private static (NumberReader Reader, NumberPhrase? Phrase)? SearchBeforeCheck(string answer)
    {
        if (Check().Match(answer) is not { Success: true } check || !Digit().IsMatch(answer.AsSpan(0, check.Index)))
        {
            return null;
        }

        string behind = answer[check.Index..];
        (NumberReader reader, NumberPhrase? phrase) = SearchWhole(answer[..(check.Index + 1)], boxed: null);
        bool isChecked = phrase?.Total is { } total && check.Groups["check"].Success && !Correction.Follows(behind) && new NumberReader(behind)._phrases.Exists(other => other.Total is { } again && again.Equals(total));
        return (reader, isChecked || (phrase?.Total is { } one && SearchWhole(answer, boxed: null).Phrase?.Total is { } whole && whole.Equals(one)) ? phrase : null);
    }

    // "The result is 5. It took 3 steps.": what comes behind a result and comes to nothing is about something else.
    private bool FollowsResult(int last)
    {
        int at = _phrases[last].Start - 1;
        while (at >= 0 && !EndsSentence(at))
        {
            if (_tokens[at].IsAny("=:") || (_tokens[at].Kind == NumberTokenKind.Word && NumberRelations.Mains.Contains(_tokens[at].Text)))
            {
                return false;
            }

            at--;
        }

        return _phrases.Exists(phrase => phrase.End <= at + 1 && phrase.Start > 1 && (_tokens[phrase.Start - 1].IsWord("is") || _tokens[phrase.Start - 1].IsAny(":="))
            && (_tokens[phrase.Start - 2].IsWord("result") || _tokens[phrase.Start - 2].IsWord("solution") || _tokens[phrase.Start - 2].IsWord("total")) && !phrase.Total.Equals(_phrases[last].Total));
    }

    // "Mean: 5" and "Median: 6" on lines of their own, or x = 5 and y = 6; a total closes such a list.
    private bool IsOneOfRows()
    {
        int rows = 0;
        int begin = 0;
        int next = 0;
        bool isClosed = false;
        for (int i = 0; i <= _tokens.Count; i++)
        {
            if (i < _tokens.Count && _tokens[i].Kind != NumberTokenKind.Break)
            {
                continue;
            }

            if (i > begin)
            {
                NumberPhrase? only = next < _phrases.Count && _phrases[next].Start < i ? _phrases[next++] : null;
                if (only is null || only.End < i || !IsLabel(begin, only.Start))
                {
                    return false;
                }

                rows++;
                isClosed = Concludes(begin, only.Start);
            }

            begin = i + 1;
        }

        return rows > 1 && !isClosed;
    }

    private bool IsLabel(int from, int to)
    {
        if (to - from < 2 || !_tokens[to - 1].IsAny(":=") || (_tokens[to - 1].Is('=') && !(to - from == 2 && _tokens[from].IsVariable)))
        {
            return false;
        }

        for (int i = from; i < to - 1; i++)
        {
            if (_tokens[i].Kind != NumberTokenKind.Word && !_tokens[i].IsMarkup)
            {
                return false;
            }
        }

        return true;
    }

    private bool Concludes(int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            if (_tokens[i].Kind == NumberTokenKind.Word && NumberRelations.Totals.Contains(_tokens[i].Text))
            {
                return true;
            }
        }

        return false;
    }

    [GeneratedRegex(@"(?<=[.!?)\]}*$0-9])(?>[\s#>-]+\**)(?:(?<check>(?:check|verification|verify|proof|sanity\s+check)\b\**\s*:|to\s+(?:double[-\s]?)?(?:check|verify|confirm)\b|검산\s*:)|(?:note|notes|n\.b\.|p\.s\.)\b\**\s*:|(?:let\s+(?:me|us)|let['’]s|we\s+can|you\s+can)\s+(?:double[-\s]?)?(?:check|verify|confirm)\b|참고\s*:)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Check();

    [GeneratedRegex("[0-9]", RegexOptions.CultureInvariant)]
    private static partial Regex Digit();
}
