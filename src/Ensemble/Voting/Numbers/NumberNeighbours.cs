namespace Ensemble;

/// <summary>Says whether what touches a number makes it a part of something else: an operand, an argument, a name.</summary>
internal sealed class NumberNeighbours(List<NumberToken> tokens)
{
    private static readonly HashSet<string> PlainCommands = new(StringComparer.Ordinal) { "approx", "sim", "simeq", "therefore", "quad", "qquad", "displaystyle", "implies", "Rightarrow", "rightarrow", "to", "ldots", "dots", "hspace", "text", "bf", "rm" };

    // What stands right before it does not make it a part of something.
    public bool IsFree(int at, NumberPhrase phrase)
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
            '=' => !IsRelation(at),
            '~' or '≈' => !before.Is('~') || !IsOperand(at - 1),
            ':' => !(adjacent && IsNumberAt(at - 1)),
            '.' => !adjacent,
            '(' or '{' => IsFreeGroup(at, phrase),
            '[' => !phrase.HasDecimalComma,
            '}' or ')' or ']' => !adjacent,
            '$' => true,
            _ => true,
        };
    }

    // "x != 5", "x >= 5" and "x =/= 5" end in an equals sign and are no equations.
    private bool IsRelation(int at) => at > 0 && tokens[at - 1].End == tokens[at].Start && tokens[at - 1].IsAny("!<>/~");

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

    public bool IsFreeBehind(NumberPhrase phrase)
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
                return !(adjacent && next.IsVariable) && !next.IsWord("x") && !(phrase.Unit.IsNone && IsLetter(next.Text));
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
            case '!' when at + 1 < tokens.Count && tokens[at + 1].Is('='):
                return false;
            case '=' when at + 1 < tokens.Count && tokens[at + 1].IsAny("/<>!"):
                return false;
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
                // A line over the last digit repeats it.
                return char.GetUnicodeCategory(next.Text[0]) is not System.Globalization.UnicodeCategory.NonSpacingMark;
        }
    }

    // "5 k" may be a variable or five thousand; "5 a day" and "5 I think" are words.
    private static bool IsLetter(string word) => word is "π" or "π" || (word.Length == 1 && char.IsAsciiLetter(word[0]) && word is not ("a" or "A" or "I"));

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

        // **5** (…) and 3 **5**: two stars that touch one side only.
        bool isBold = to > from && from > 0 && to + 1 < tokens.Count && (tokens[from - 1].End == tokens[from].Start) != (tokens[to].End == tokens[to + 1].Start);
        return isBold || !(IsOperand(from - 1) && (IsOperand(to + 1) || IsSignedOperand(to + 1)));
    }
}
