namespace Ensemble;

/// <summary>Says whether a number in a text stands for itself, or is an operand, a bound, one end of a range, or denied: then what the text says is another number, or none.</summary>
internal sealed class NumberContext(List<NumberToken> tokens, List<NumberPhrase> phrases)
{
    // Further away a word is about something else.
    private const int Near = 3;

    private static readonly HashSet<string> Negations = Words(
        "not", "never", "cannot", "can't", "isn't", "aren't", "wasn't", "weren't", "don't", "doesn't", "didn't", "won't", "wouldn't", "shouldn't", "couldn't", "isnt", "neither", "nor", "except", "without", "excluding");

    private static readonly string[] KoreanDenials = ["아니", "아닙", "아닌", "않", "틀"];

    private static readonly HashSet<string> ClauseWords = Words("but", "so", "therefore", "thus", "hence", "because", "since", "then", "instead", "rather", "아니라");

    private static readonly HashSet<string> BoundsBefore = Words(
        "than", "least", "most", "over", "under", "above", "below", "beyond", "between", "half", "twice", "double", "triple", "quarter", "or", "times", "plus", "minus", "mod", "modulo", "versus", "vs", "power",
        "exponent", "root", "sqrt", "log", "ln", "lg", "sin", "cos", "tan", "exp", "base", "negative", "minimum", "maximum", "exceeds", "exceeding", "factorial", "마이너스", "영하", "루트");

    private static readonly HashSet<string> BoundsAfter = Words("squared", "cubed", "factorial", "이상", "이하", "미만", "초과", "제곱", "세제곱", "or", "vs", "versus");

    private static readonly HashSet<string> Joints = Words("or", "to", "through", "till", "until", "times", "plus", "minus", "over", "by", "of", "vs", "versus", "mod", "x", "또는", "혹은", "에서", "부터", "이나", "나", "내지", "대");

    private static readonly HashSet<string> PlainCommands = Words("approx", "sim", "simeq", "therefore", "quad", "qquad", "displaystyle", "implies", "Rightarrow", "rightarrow", "to", "ldots", "dots", "hspace", "text", "bf", "rm");

    public bool IsCertain(int index)
    {
        NumberPhrase phrase = phrases[index];
        return phrase is { Number.IsShort: true, Total.IsShort: true } && IsFree(phrase.Start - 1, phrase) && IsFreeBehind(phrase) && !IsJoined(index - 1) && !IsJoined(index) && !IsDenied(index) && !IsBound(phrase);
    }

    /// <summary>Returns the last side of the equation that begins with a number: of x = 3 + 4 = 7 it is 7.</summary>
    public int EndOfEquation(int index)
    {
        int last = index;
        for (int i = index; i + 1 < phrases.Count && IsLinked(phrases[i].End, phrases[i + 1].Start, out bool equals); i++)
        {
            last = equals ? i + 1 : last;
        }

        return last;
    }

    // Nothing but operators and variables stands between.
    private bool IsLinked(int from, int to, out bool equals)
    {
        equals = false;
        for (int i = from; i < to; i++)
        {
            equals |= tokens[i].Is('=');
            if (!(tokens[i].Is('=') || tokens[i].IsVariable || IsOperatorAt(i)))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsOperatorAt(int at) => at < tokens.Count && (tokens[at].IsAny("+-*/×÷·^(){}") || tokens[at] is { Kind: NumberTokenKind.Command, Text: "times" or "cdot" or "div" });

    // What stands right before it does not make it a part of something.
    private bool IsFree(int at, NumberPhrase phrase)
    {
        if (at < 0)
        {
            return true;
        }

        NumberToken before = tokens[at];
        bool adjacent = before.End == tokens[at + 1].Start;
        switch (before.Kind)
        {
            case NumberTokenKind.Number or NumberTokenKind.Vulgar or NumberTokenKind.Scale or NumberTokenKind.Superscript:
                return false;
            case NumberTokenKind.Command:
                return PlainCommands.Contains(before.Text);
            case NumberTokenKind.Word:
                return !before.IsVariable || !adjacent;
            case NumberTokenKind.Break:
                return true;
        }

        return before.Text[0] switch
        {
            '*' => IsMarkup(at),
            '-' or '+' or '–' => !adjacent && before.Is('–') && !IsOperand(at - 1),
            '/' or '×' or '÷' or '^' or '<' or '>' or '≤' or '≥' or '≠' or '±' or '∓' or '√' or '∛' or '\\' or '…' or '!' or '|' or '_' or '&' => before.Is('|') && !adjacent || (before.Is('_') && !IsOperandTouching(at)),
            '·' => !IsOperand(at - 1),
            '~' or '≈' or '=' => !before.Is('~') || !IsOperand(at - 1),
            ':' => !(adjacent && IsNumberAt(at - 1)),
            '.' => !adjacent,
            '(' or '{' => IsFreeGroup(at, phrase),
            '[' => !phrase.HasDecimalComma,
            '}' or ')' or ']' => !adjacent,
            '$' => true,
            _ => true,
        };
    }

    // (5) is five; f(5), 2(5) and -(5) are not.
    private bool IsFreeGroup(int at, NumberPhrase phrase)
    {
        if (phrase.HasDecimalComma && tokens[at].Is('('))
        {
            return false;
        }

        while (at > 0 && tokens[at - 1].IsAny("({"))
        {
            at--;
        }

        if (at == 0)
        {
            return true;
        }

        NumberToken before = tokens[at - 1];
        bool touches = before.End == tokens[at].Start;
        return before.Kind switch
        {
            NumberTokenKind.Word => !touches || NumberText.IsHangul(before.Text[0]),
            NumberTokenKind.Number or NumberTokenKind.Vulgar => !touches,
            NumberTokenKind.Command => PlainCommands.Contains(before.Text),
            NumberTokenKind.Symbol => !before.IsAny("+-*/×÷^_√±<>≤≥≠}"),
            _ => true,
        };
    }

    private bool IsFreeBehind(NumberPhrase phrase)
    {
        int at = phrase.End;
        if (at >= tokens.Count)
        {
            return true;
        }

        NumberToken next = tokens[at];
        bool adjacent = next.Start == tokens[at - 1].End;
        switch (next.Kind)
        {
            case NumberTokenKind.Number or NumberTokenKind.Vulgar or NumberTokenKind.Scale or NumberTokenKind.Superscript:
                return false;
            case NumberTokenKind.Command:
                return PlainCommands.Contains(next.Text);
            case NumberTokenKind.Word:
                return !(adjacent && next.IsVariable) && !next.IsWord("x") && !(phrase.Unit.IsNone && next.Text is "M" or "B" or "π" or "π");
            case NumberTokenKind.Break:
                return true;
        }

        switch (next.Text[0])
        {
            case '*':
                return IsMarkup(at);
            case '+' or '^' or '÷' or '×' or '±' or '<' or '>' or '≤' or '≥' or '√' or '≠' or '\\':
                return false;
            case '-' or '–' or '~' or '/':
                return !IsOperand(at + 1) && !IsSignedOperand(at + 1) && !(next.Is('/') && adjacent && at + 1 < tokens.Count);
            case '·':
                return !IsOperand(at + 1) && !(at + 1 < tokens.Count && tokens[at + 1].Kind == NumberTokenKind.Word);
            case '!' or '\'' or '"':
                // 5! is 120, or five and joy; 5' are minutes or feet, unless a quotation ends.
                return !adjacent || (!next.Is('!') && IsQuoted(phrase, next.Text[0]));
            case '…':
                return !HasPoint(phrase);
            case '.':
                return !(adjacent && HasPoint(phrase) && at + 2 < tokens.Count && tokens[at + 1].Is('.'));
            case ':':
                return !(adjacent && IsNumberAt(at + 1) && tokens[at + 1].Start == next.End);
            case '{':
                return false;
            case '(' or '[':
                return !adjacent || (next.Is('(') && at + 1 < tokens.Count && tokens[at + 1] is { Kind: NumberTokenKind.Word, IsVariable: false });
            case ')' or '}':
                return IsFreeClosed(at);
            case '_' or '₀' or '₁' or '₂' or '₃' or '₄' or '₅' or '₆' or '₇' or '₈' or '₉':
                return next.Is('_') && !IsOperand(at + 1) && !(at + 1 < tokens.Count && tokens[at + 1].Is('{'));
            default:
                return true;
        }
    }

    // Behind the brackets that end here nothing goes on: (5)^2, (1)/(3).
    private bool IsFreeClosed(int at)
    {
        while (at < tokens.Count && tokens[at].IsAny(")}"))
        {
            at++;
        }

        return at >= tokens.Count || tokens[at].Kind == NumberTokenKind.Break
            || !(tokens[at].IsAny("^!÷×±√(") || (tokens[at].IsAny("+-/*") && IsOperand(at + 1)) || tokens[at].Kind is NumberTokenKind.Superscript
                || (tokens[at].Kind is NumberTokenKind.Command && !PlainCommands.Contains(tokens[at].Text))
                || (tokens[at - 1].End == tokens[at].Start && (tokens[at].Kind == NumberTokenKind.Number || tokens[at].IsVariable)));
    }

    private bool IsQuoted(NumberPhrase phrase, char quote) => phrase.Start > 0 && tokens[phrase.Start - 1].Is(quote);

    private bool HasPoint(NumberPhrase phrase) => tokens[phrase.NumberEnd - 1] is { Kind: NumberTokenKind.Number } digits && digits.Text.Contains('.', StringComparison.Ordinal);

    private bool IsNumberAt(int at) => at >= 0 && at < tokens.Count && tokens[at].Kind == NumberTokenKind.Number;

    private bool IsOperand(int at) => at >= 0 && at < tokens.Count
        && (tokens[at].Kind is NumberTokenKind.Number or NumberTokenKind.Vulgar or NumberTokenKind.Scale or NumberTokenKind.Superscript || tokens[at].IsVariable || tokens[at].IsAny("()√%")
            || (tokens[at].Kind == NumberTokenKind.Command && !PlainCommands.Contains(tokens[at].Text)));

    private bool IsSignedOperand(int at) => at + 1 < tokens.Count && tokens[at].IsAny("+-") && IsOperand(at + 1);

    private bool IsOperandTouching(int at) => IsOperand(at - 1) && tokens[at - 1].End == tokens[at].Start;

    // **5** and "* 5": asterisks that have no factor on both sides.
    private bool IsMarkup(int at)
    {
        int from = at;
        int to = at;
        while (from > 0 && tokens[from - 1].Is('*'))
        {
            from--;
        }

        while (to + 1 < tokens.Count && tokens[to + 1].Is('*'))
        {
            to++;
        }

        return !(IsOperand(from - 1) && (IsOperand(to + 1) || IsSignedOperand(to + 1)));
    }

    // "5 or 7", "from 5 to 7", "3 times 4", "3 of 5", "between 5 and 7": none of the two is the answer.
    private bool IsJoined(int left)
    {
        if (left < 0 || left + 1 >= phrases.Count)
        {
            return false;
        }

        (int from, int to) = (phrases[left].End, phrases[left + 1].Start);
        if (to - from > Near + 1)
        {
            return false;
        }

        bool joins = false;
        for (int i = from; i < to; i++)
        {
            if (tokens[i].Kind == NumberTokenKind.Break || tokens[i].IsAny(".;:=") || tokens[i].IsWord("is"))
            {
                return false;
            }

            joins |= tokens[i].Kind == NumberTokenKind.Word && (Joints.Contains(tokens[i].Text) || (tokens[i].IsWord("and") && IsBetween(phrases[left]))
                || (phrases[left + 1].IsKoreanFraction && tokens[i].Text is "과" or "와"));
            joins |= tokens[i].IsAny("~–") && !IsSpacedDash(i);
        }

        return joins;
    }

    private bool IsSpacedDash(int at) => tokens[at].Is('–') && at > 0 && at + 1 < tokens.Count && tokens[at - 1].End < tokens[at].Start && tokens[at].End < tokens[at + 1].Start && tokens[at - 1].Kind == NumberTokenKind.Word;

    private bool IsBetween(NumberPhrase phrase) => phrase.Start > 0 && tokens[phrase.Start - 1].IsWord("between");

    private bool IsBound(NumberPhrase phrase)
    {
        for (int i = phrase.Start - 1; i >= 0 && i >= phrase.Start - Near; i--)
        {
            NumberToken token = tokens[i];
            if (token.Kind == NumberTokenKind.Word && BoundsBefore.Contains(token.Text))
            {
                return true;
            }

            if (token.Kind == NumberTokenKind.Word && i > 0 && ((token.IsWord("to") && tokens[i - 1].IsWord("up")) || (token.IsWord("by") && (tokens[i - 1].IsWord("divided") || tokens[i - 1].IsWord("multiplied")))))
            {
                return true;
            }

            // Words that may stand between: "half of 5", "at least about 5".
            if (!(token.IsWord("of") || token.IsWord("a") || token.IsWord("the") || token.IsWord("about") || token.IsWord("to") || token.IsWord("by")))
            {
                break;
            }
        }

        for (int i = phrase.End; i < tokens.Count && i < phrase.End + Near; i++)
        {
            if (tokens[i].Kind != NumberTokenKind.Word)
            {
                break;
            }

            if (BoundsAfter.Contains(tokens[i].Text))
            {
                return true;
            }
        }

        return false;
    }

    // A negation between the last clause or number and this one, or right behind: "is not 5", "5 is not", 5가 아니다.
    private bool IsDenied(int index)
    {
        int earliest = index == 0 ? 0 : phrases[index - 1].End;
        for (int i = phrases[index].Start - 1; i >= earliest && !EndsClause(tokens[i]); i--)
        {
            if (tokens[i].Kind == NumberTokenKind.Word && Negations.Contains(tokens[i].Text))
            {
                return true;
            }
        }

        int latest = index + 1 < phrases.Count ? phrases[index + 1].Start : tokens.Count;
        for (int i = phrases[index].End; i < latest && !EndsClause(tokens[i], behind: true); i++)
        {
            string word = tokens[i].Text;
            if (tokens[i].Kind == NumberTokenKind.Word
                && ((i < phrases[index].End + Near && Negations.Contains(word)) || Array.Exists(KoreanDenials, denial => word.StartsWith(denial, StringComparison.Ordinal))))
            {
                return true;
            }
        }

        return false;
    }

    private static bool EndsClause(NumberToken token, bool behind = false) =>
        token.Kind == NumberTokenKind.Break || token.IsAny(".,;:?!") || (token.Kind == NumberTokenKind.Word && ClauseWords.Contains(token.Text) && !(behind && token.Text == "아니라"));

    private static HashSet<string> Words(params string[] words) => new(words, StringComparer.OrdinalIgnoreCase);
}
