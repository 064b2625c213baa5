using System.Globalization;
using System.Text;

namespace Ensemble;

/// <summary>Tells the symbols of a short answer that carry meaning (C++, -5, 50%, 1/2) from those that do not (quotes, brackets around a word, the point at the end).</summary>
internal static class AnswerSymbols
{
    // Between two operands, with or without space.
    private const string Operators = "+-*/^×÷:'=<>≤≥≠";

    private const string Runs = "=!<>-&|:";

    private const string OperatorParts = "=!<>-+*/%^&|~:?.$@#";

    /// <summary>Writes compatible characters in one way, without making 10² a 102 or 1½ an 11/2.</summary>
    public static string Fold(string text)
    {
        StringBuilder folded = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            // Half a surrogate is the replacement character here, which is no letter.
            int c = rune.Value;
            bool behindDigit = folded.Length > 0 && char.IsAsciiDigit(folded[^1]);
            bool raised = c is '²' or '³' or '¹' or '⁰' or (>= '⁴' and <= '⁹') or '⁻';
            folded.Append(raised && !(folded.Length > 0 && IsRaisedOrCaret(folded)) ? "^" : behindDigit && c is >= '₀' and <= '₉' ? "_" : behindDigit && IsVulgar(c) ? " " : "");
            folded.Append(c switch
            {
                '−' or '‐' or '‑' or '‒' or '–' or '⁻' => "-",
                '’' or '‘' => "'",
                _ => rune.ToString().Normalize(NormalizationForm.FormKC).Replace('⁄', '/'),
            });
        }

        // Marks that follow their letter join it only now.
        return folded.ToString().Normalize(NormalizationForm.FormC);

        static bool IsRaisedOrCaret(StringBuilder text)
        {
            int at = text.Length - 1;
            while (at > 0 && (char.IsAsciiDigit(text[at]) || text[at] == '-'))
            {
                at--;
            }

            return text[at] == '^';
        }
    }

    /// <summary>Says whether the answer is an expression, where brackets count.</summary>
    public static bool IsExpression(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is '+' or '*' or '/' or '^' or '×' or '÷' or '-' && IsBetween(text, i))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Says whether a character that is neither letter nor digit stays.</summary>
    public static bool Stays(string text, int at, bool isExpression)
    {
        char c = text[at];
        char before = at > 0 ? text[at - 1] : ' ';
        char after = at + 1 < text.Length ? text[at + 1] : ' ';
        return c switch
        {
            '.' when IsInName(text, at) => true,
            '\'' or '"' when IsPrime(text, at) => true,
            '.' => char.IsAsciiDigit(after) ? char.IsAsciiDigit(before) || !IsWordOrPoint(before) : char.IsLetter(after) && (at == 0 || char.IsWhiteSpace(before)),
            ',' => char.IsAsciiDigit(before) && char.IsAsciiDigit(after),
            '_' => char.IsLetterOrDigit(before) && char.IsLetterOrDigit(after),
            '-' => IsSign(text, at) || IsBetween(text, at) || IsGrade(text, at) || IsInRun(text, at),
            '+' => char.IsLetterOrDigit(before) || before == '+' || IsBetween(text, at),
            '#' => char.IsLetter(before) && !char.IsLetterOrDigit(after),
            '∞' or '∅' => true,
            '!' => char.IsAsciiDigit(before) || IsInRun(text, at) || ((at == 0 || char.IsWhiteSpace(before) || before is '(' or '!' or '&' or '|') && (char.IsLetterOrDigit(after) || after is '(' || (after is '!' && at + 2 < text.Length && char.IsLetterOrDigit(text[at + 2])))),
            '%' or '‰' or '°' => true,
            '(' or ')' or '[' or ']' or '{' or '}' => isExpression,
            _ when Operators.Contains(c, StringComparison.Ordinal) => IsBetween(text, at) || IsInRun(text, at) || (c is '<' or '>' or '≤' or '≥' or '≠' && char.IsAsciiDigit(Next(text, at))),
            '|' or '&' => IsInRun(text, at) || (IsOperand(Previous(text, at)) && IsOperand(Next(text, at)) && IsShort(text, at, -1) && IsShort(text, at, 1)),
            '`' => false,
            _ => char.GetUnicodeCategory(c) is UnicodeCategory.CurrencySymbol || (char.GetUnicodeCategory(c) is UnicodeCategory.MathSymbol && IsOperand(Next(text, at))),
        };
    }

    /// <summary>Returns an operator that is the whole answer: != is no =. <see langword="null"/> when it is none.</summary>
    public static string? Operator(string text)
    {
        string alone = text.Trim().Trim('`', '"', '\'', ' ');
        return alone.Length is > 0 and <= 3 && alone.All(static c => OperatorParts.Contains(c, StringComparison.Ordinal)) && alone.Any(static c => c is not ('-' or '!' or '?' or ':' or '.' or '~' or '|'))
            && !(alone.Length > 1 && alone.All(static c => c == '*')) && !(alone.Length == 3 && alone.All(c => c == alone[0] && c != '=')) ? alone : null;
    }

    /// <summary>Returns the symbols of an answer that has neither letters nor digits: →, ±. <see langword="null"/> when it is punctuation only.</summary>
    public static string? Alone(string text)
    {
        string kept = string.Concat(text.Where(static c => c == '-' || char.GetUnicodeCategory(c) is UnicodeCategory.MathSymbol or UnicodeCategory.OtherSymbol or UnicodeCategory.CurrencySymbol));
        return kept.Length <= 8 && kept.Any(static c => c is not ('-' or '~' or '|')) ? kept : null;
    }

    /// <summary>Says whether the symbol belongs to the number before it, whatever space is between: 50 %.</summary>
    public static bool Joins(string text, int at) => text[at] is '%' or '‰' or '°' && char.IsAsciiDigit(Previous(text, at));

    private static bool IsVulgar(int c) => c is (>= '¼' and <= '¾') or (>= '⅐' and <= '⅞');

    private static bool IsWordOrPoint(char c) => char.IsLetterOrDigit(c) || c == '.';

    // -5, (-5), **-5**, -x, -$5, -.5 and "- 5", which may be one.
    private static bool IsSign(string text, int at)
    {
        char before = at > 0 ? text[at - 1] : ' ';
        if (char.IsLetterOrDigit(before) || before is '-' or ')' or '%')
        {
            return false;
        }

        char next = Next(text, at);
        bool variable = char.IsLetter(next) && at + 1 < text.Length && text[at + 1] == next && (at + 2 >= text.Length || !char.IsLetter(text[at + 2]));
        return char.IsAsciiDigit(next) || variable || (next is '∞' or '.' or '$' or '€' or '£' or '₩' or '√' && at + 1 < text.Length && text[at + 1] == next);
    }

    // A-, AB-.
    private static bool IsGrade(string text, int at) =>
        at > 0 && char.IsLetter(text[at - 1]) && (at + 1 == text.Length || (!char.IsLetterOrDigit(text[at + 1]) && text[at + 1] != '-'))
        && (at < 2 || !char.IsLetter(text[at - 2]) || at < 3 || !char.IsLetter(text[at - 3]));

    // a == b, p && q, x -> y: an operator of two or three characters between operands.
    private static bool IsInRun(string text, int at)
    {
        int from = at;
        int to = at + 1;
        while (from > 0 && at - from < 3 && Runs.Contains(text[from - 1], StringComparison.Ordinal))
        {
            from--;
        }

        while (to < text.Length && to - at < 3 && Runs.Contains(text[to], StringComparison.Ordinal))
        {
            to++;
        }

        return text.AsSpan(from, to - from) is "==" or "===" or "!=" or "!==" or "<=" or ">=" or "=>" or "->" or "<-" or "&&" or "||" or "::" or ":=" or "<<" or ">>"
            && (IsOperand(Previous(text, from)) || IsRelationInFront(text, from, to)) && IsOperand(to < text.Length && char.IsWhiteSpace(text[to]) ? (to + 1 < text.Length ? text[to + 1] : ' ') : to < text.Length ? text[to] : ' ');
    }

    // ">= 5" is no 5.
    private static bool IsRelationInFront(string text, int from, int to) =>
        (from == 0 || text[from - 1] is '"' or '`' or '*' or '(' || char.IsWhiteSpace(text[from - 1])) && (text.AsSpan(from, to - from) is "!=" or "<=" or ">=" or "!==" || (text.AsSpan(from, to - from) is "==" or "===" && char.IsAsciiDigit(Next(text, to - 1))));

    // f' is no f, and 5' and 5" are minutes or feet; a quotation has its other mark in front.
    private static bool IsPrime(string text, int at)
    {
        int from = at;
        while (from > 0 && (char.IsAsciiDigit(text[from - 1]) || text[from - 1] == '.'))
        {
            from--;
        }

        bool isVariable = from == at && at > 0 && char.IsAsciiLetter(text[at - 1]);
        from -= isVariable ? 1 : 0;
        char after = at + 1 < text.Length ? text[at + 1] : ' ';
        return from < at && (text[at] == '\'' || !isVariable) && !char.IsLetterOrDigit(after) && (from == 0 || !(char.IsLetterOrDigit(text[from - 1]) || text[from - 1] == '.' || text[from - 1] == text[at]))
            && text.AsSpan(0, at).Count(text[at]) % 2 == 0;
    }

    // example.com; "U.S.A." are letters with points.
    private static bool IsInName(string text, int at) =>
        at > 1 && at + 2 < text.Length && char.IsLetter(text[at - 1]) && char.IsLetterOrDigit(text[at - 2]) && char.IsLetter(text[at + 1]) && char.IsLetterOrDigit(text[at + 2]);

    // A word on either side makes a hyphen or a slash of it, a number or a variable an operator.
    private static bool IsBetween(string text, int at)
    {
        (char before, char after) = (Previous(text, at), Next(text, at));
        if (before is '(' or '[' or '{' or '√' or '-' || after is ')' or ']' or '}' or '!' or '%' || !IsOperand(before) || !IsOperand(after))
        {
            return false;
        }

        return text[at] switch
        {
            '/' or '^' or '=' or '<' or '>' or '≤' or '≥' or '≠' or '×' or '÷' or '+' => true,
            ':' or '\'' => char.IsAsciiDigit(before) && char.IsAsciiDigit(after) && at > 0 && text[at - 1] == before && text[at + 1] == after,
            _ => IsShort(text, at, -1) && IsShort(text, at, 1),
        };
    }

    private static bool IsOperand(char c) => char.IsLetterOrDigit(c) || c is '(' or ')' or '[' or ']' or '{' or '}' or '√' or '-' or '!' or '$' or '%' or '∞' or '∅';

    // A digit, a bracket, or a letter that is alone.
    private static bool IsShort(string text, int at, int step)
    {
        int i = at + step;
        i += i >= 0 && i < text.Length && char.IsWhiteSpace(text[i]) ? step : 0;

        return i >= 0 && i < text.Length && (!char.IsLetter(text[i]) || i + step < 0 || i + step >= text.Length || !char.IsLetter(text[i + step]));
    }

    // One space at most is looked over: the scan stays linear.
    private static char Previous(string text, int at) => at > 0 && !char.IsWhiteSpace(text[at - 1]) ? text[at - 1] : at > 1 ? text[at - 2] : ' ';

    private static char Next(string text, int at) => at + 1 < text.Length && !char.IsWhiteSpace(text[at + 1]) ? text[at + 1] : at + 2 < text.Length ? text[at + 2] : ' ';
}
