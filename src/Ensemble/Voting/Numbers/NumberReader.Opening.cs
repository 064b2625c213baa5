namespace Ensemble;

// A text that answers at once, and goes on.
internal sealed partial class NumberReader
{
    private static readonly HashSet<string> Openings = new(StringComparer.OrdinalIgnoreCase) { "about", "approximately", "around", "exactly", "roughly", "it", "it's", "is", "there", "are", "약", "대략" };

    private static readonly HashSet<string> Reasons = new(StringComparer.OrdinalIgnoreCase) { "because", "since", "as", "but", "while", "whereas", "although", "though" };

    private static readonly HashSet<string> Explanations = new(StringComparer.OrdinalIgnoreCase) { "explanation", "reason", "reasoning", "because", "why", "이유", "이유는", "설명", "풀이", "왜냐하면" };

    // "5. Others came to 6." and "5\nScore: 0.9": who answers at once may go on about anything, and nothing says which of the two is meant.
    private bool ContradictsFirst(int last, out int first)
    {
        first = _phrases.FindIndex(phrase => !_hasDigits || !phrase.IsSpelled);
        return first < last && Opens(_phrases[first]) && !_steps.IsFirst(first) && !Correction.Follows(_text[_tokens[_phrases[first].End - 1].End.._tokens[_phrases[last].Start].Start])
            && !(_phrases[first].Total is { } one && _phrases[last].Total is { } other && one.Equals(other));
    }

    // "12\n\nExplanation: 3 boxes of 4."
    private bool IsExplained(int index)
    {
        int at = _phrases[index].End;
        while (at < _tokens.Count && (_tokens[at].Kind == NumberTokenKind.Break || _tokens[at].IsMarkup || _tokens[at].IsAny(".,–#")))
        {
            at++;
        }

        return at < _tokens.Count && _tokens[at].Kind == NumberTokenKind.Word && Explanations.Contains(_tokens[at].Text);
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
}
