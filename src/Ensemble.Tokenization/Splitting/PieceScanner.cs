namespace Ensemble.Tokenization.Splitting;

/// <summary>
/// Finds the pieces one by one, character by character: the definition that every faster kernel must equal.
/// </summary>
internal static class PieceScanner
{
    private const CharClass UpperPhase = CharClass.Upper | CharClass.Caseless | CharClass.Mark;
    private const CharClass LowerPhase = CharClass.Lower | CharClass.Caseless | CharClass.Mark;

    /// <summary>The end of the piece that starts at <paramref name="start"/>, which must lie inside the text.</summary>
    public static int FindEnd<TText>(TText text, int start, SplitRules rules)
        where TText : struct, IText, allows ref struct
    {
        if (text[start] == '\'' && rules.Contractions != ContractionRule.Suffix)
        {
            int length = ContractionLength(text, start, rules.Contractions == ContractionRule.AloneLowerCase);
            if (length != 0)
            {
                return start + length;
            }
        }

        CharClass firstClass = text.ClassAt(start, out int firstLength);
        int word = rules.SplitsAtCase ? FindCasedWordEnd(text, start, firstClass, firstLength) : FindWordEnd(text, start, firstClass, firstLength, rules);
        if (word >= 0)
        {
            return word;
        }

        int digits = FindDigitsEnd(text, start, firstClass, firstLength, rules);
        if (digits >= 0)
        {
            return digits;
        }

        int punctuation = FindPunctuationEnd(text, start, rules);
        return punctuation >= 0 ? punctuation : FindWhiteEnd(text, start, rules);
    }

    /// <summary>Whether a piece that ends at <paramref name="end"/> ends there whatever is appended to the text.</summary>
    public static bool IsSettled<TText>(TText text, int end, SplitRules rules)
        where TText : struct, IText, allows ref struct
    {
        if (end == text.Length)
        {
            return false;
        }

        // How far a rule looks past the end of a piece: over a contraction, where case splits words over a run of letters for one in lower case, over white
        // space for a newline.
        CharClass next = text.ClassAt(end, out int length);
        int seen = text[end] == '\'' ? end + 3
            : (next & CharClass.White) != 0 ? SkipWhile(text, end, CharClass.White) + 1
            : rules.SplitsAtCase && (next & (CharClass.Letter | CharClass.Mark)) != 0 ? SkipWhile(text, end, CharClass.Letter | CharClass.Mark) + 1
            : end + length;
        return seen <= text.Length && !text.EndsInsideCharacter;
    }

    /// <summary>The length of the contraction at <paramref name="start"/>, an apostrophe included; 0 for none.</summary>
    public static int ContractionLength<TText>(TText text, int start, bool lowerCaseOnly)
        where TText : struct, IText, allows ref struct
    {
        if (start + 1 >= text.Length || text[start] != '\'')
        {
            return 0;
        }

        // U+017F, the long s, folds to s in a case-insensitive expression.
        if (!lowerCaseOnly && text.IsLongS(start + 1, out int length))
        {
            return 1 + length;
        }

        int fold = lowerCaseOnly ? 0 : 0x20;
        int a = text[start + 1] | fold;
        if (a is 's' or 't' or 'm' or 'd')
        {
            return 2;
        }

        return start + 2 < text.Length && (a, text[start + 2] | fold) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;
    }

    private static int FindWordEnd<TText>(TText text, int start, CharClass firstClass, int firstLength, SplitRules rules)
        where TText : struct, IText, allows ref struct
    {
        int letters = start;
        if ((firstClass & CharClass.Letter) == 0)
        {
            bool mayLead = rules.AnyLetterPrefix ? (firstClass & (CharClass.Number | CharClass.Newline)) == 0 : text[start] == ' ';
            if (!mayLead)
            {
                return -1;
            }

            letters += firstLength;
        }

        int end = SkipWhile(text, letters, CharClass.Letter);
        return end > letters ? end : -1;
    }

    private static int FindCasedWordEnd<TText>(TText text, int start, CharClass firstClass, int firstLength)
        where TText : struct, IText, allows ref struct
    {
        const CharClass letters = CharClass.Letter | CharClass.Mark;
        bool isLetter = (firstClass & letters) != 0;

        // The optional lead is tried first, and a mark may be the lead as well as a letter.
        int afterLead = (firstClass & (CharClass.Letter | CharClass.Number | CharClass.Newline)) == 0
            && start + firstLength < text.Length
            && (text.ClassAt(start + firstLength, out _) & letters) != 0
                ? start + firstLength
                : -1;
        int end = -1;
        if (afterLead >= 0)
        {
            end = EndWithLower(text, afterLead);
        }

        if (end < 0 && isLetter)
        {
            end = EndWithLower(text, start);
        }

        if (end < 0 && afterLead >= 0)
        {
            end = EndWithUpper(text, afterLead);
        }

        if (end < 0 && isLetter)
        {
            end = EndWithUpper(text, start);
        }

        return end < 0 ? -1 : end + ContractionLength(text, end, lowerCaseOnly: false);
    }

    /// <summary><c>[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+</c>, greedy with backtracking.</summary>
    private static int EndWithLower<TText>(TText text, int start)
        where TText : struct, IText, allows ref struct
    {
        int at = start;
        int lastCaseless = -1;
        while (at < text.Length)
        {
            CharClass c = text.ClassAt(at, out int length);
            if ((c & CharClass.Lower) != 0)
            {
                return SkipWhile(text, at, LowerPhase);
            }

            if ((c & UpperPhase) == 0)
            {
                break;
            }

            at += length;
            if ((c & CharClass.Upper) == 0)
            {
                lastCaseless = at;
            }
        }

        return lastCaseless;
    }

    /// <summary><c>[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*</c>.</summary>
    private static int EndWithUpper<TText>(TText text, int start)
        where TText : struct, IText, allows ref struct
    {
        int end = SkipWhile(text, start, UpperPhase);
        return end == start ? -1 : SkipWhile(text, end, LowerPhase);
    }

    private static int FindDigitsEnd<TText>(TText text, int start, CharClass firstClass, int firstLength, SplitRules rules)
        where TText : struct, IText, allows ref struct
    {
        if (rules.DigitGroup == 0)
        {
            int digits = text[start] == ' ' ? start + 1 : start;
            int end = SkipWhile(text, digits, CharClass.Number);
            return end > digits ? end : -1;
        }

        if ((firstClass & CharClass.Number) == 0)
        {
            return -1;
        }

        int at = start + firstLength;
        for (int digits = 1; digits < rules.DigitGroup && at < text.Length; digits++)
        {
            if ((text.ClassAt(at, out int length) & CharClass.Number) == 0)
            {
                break;
            }

            at += length;
        }

        return at;
    }

    private static int FindPunctuationEnd<TText>(TText text, int start, SplitRules rules)
        where TText : struct, IText, allows ref struct
    {
        int first = text[start] == ' ' ? start + 1 : start;
        int at = SkipWhile(text, first, CharClass.Other | CharClass.Mark);
        if (at == first)
        {
            return -1;
        }

        if (rules.PunctuationTail != PunctuationTail.None)
        {
            bool slashes = rules.PunctuationTail == PunctuationTail.NewlinesAndSlashes;
            while (at < text.Length && (text[at] is '\r' or '\n' || (slashes && text[at] == '/')))
            {
                at++;
            }
        }

        return at;
    }

    private static int FindWhiteEnd<TText>(TText text, int start, SplitRules rules)
        where TText : struct, IText, allows ref struct
    {
        int at = start;
        int last = start;
        int afterNewline = -1;
        while (at < text.Length && (text.ClassAt(at, out int length) & CharClass.White) != 0)
        {
            last = at;
            at += length;
            if (text[last] is '\r' or '\n')
            {
                afterNewline = at;
            }
        }

        if (at == text.Length && rules.KeepsTrailingWhite)
        {
            return at;
        }

        if (rules.NewlinesEndRuns && afterNewline >= 0)
        {
            return afterNewline;
        }

        bool atEnd = at == text.Length || (rules.DigitsCutText && (text.ClassAt(at, out _) & CharClass.Number) != 0);
        return atEnd || last == start ? at : last;
    }

    private static int SkipWhile<TText>(TText text, int at, CharClass classes)
        where TText : struct, IText, allows ref struct
    {
        while (at < text.Length && (text.ClassAt(at, out int length) & classes) != 0)
        {
            at += length;
        }

        return at;
    }
}
