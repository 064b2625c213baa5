namespace Ensemble;

/// <summary>Says whether a text denies a number ("is not 5", 5가 아니다), or gives it as a bound of another ("at least 5", 5보다 크다).</summary>
internal sealed class NumberDenial(List<NumberToken> tokens, List<NumberPhrase> phrases)
{
    // Further away a word is about something else.
    private const int Near = 3;

    // As far as a word like "binary" reaches within its sentence.
    private const int Sentence = 24;

    private static readonly HashSet<string> Negations = Words(
        "not", "never", "cannot", "can't", "isn't", "aren't", "wasn't", "weren't", "don't", "doesn't", "didn't", "won't", "wouldn't", "shouldn't", "couldn't", "isnt", "neither", "nor", "except", "without", "excluding", "hardly", "barely", "unlikely", "doubt", "besides", "nobody", "none");

    // Two words that deny together.
    private static readonly HashSet<(string First, string Second)> Pairs =
    [
        ("NO", "LONGER"), ("FAR", "FROM"), ("ANYTHING", "BUT"), ("INSTEAD", "OF"), ("OTHER", "THAN"), ("RATHER", "THAN"), ("APART", "FROM"), ("ASIDE", "FROM"), ("SHORT", "OF"), ("NOWHERE", "NEAR"), ("RULE", "OUT"), ("RULES", "OUT"),
        ("RULED", "OUT"), ("CONTRARY", "TO"), ("ALL", "BUT"), ("EVERYTHING", "BUT"), ("UP", "FROM"), ("DOWN", "FROM"), ("WRONG", "TO"), ("INCORRECT", "TO"), ("MISTAKE", "TO"), ("NO", "ONE"),
    ];

    // What is said of a number that is none: "5 is wrong".
    private static readonly HashSet<string> Verdicts = Words("wrong", "incorrect", "false", "impossible", "unlikely", "hardly", "too");

    private static readonly string[] KoreanDenials = ["아니", "아닙", "아닌", "않", "틀", "없", "못", "오답", "잘못", "거짓"];

    private static readonly HashSet<string> ClauseWords = Words("but", "so", "therefore", "thus", "hence", "because", "since", "then", "instead", "rather", "아니라");

    private static readonly HashSet<string> BoundsBefore = Words(
        "than", "since", "until", "before", "least", "most", "over", "under", "above", "below", "beyond", "between", "half", "twice", "double", "triple", "quarter", "or", "times", "plus", "minus", "mod", "modulo", "versus", "vs", "power",
        "exponent", "root", "sqrt", "log", "ln", "lg", "sin", "cos", "tan", "exp", "base", "negative", "minimum", "maximum", "exceeds", "exceeding", "factorial", "bc", "마이너스", "영하", "루트", "최대", "최소", "최소한", "최대한", "적어도", "많아야", "기껏해야", "늦어도", "기원전");

    private static readonly HashSet<string> BoundsAfter = Words("squared", "cubed", "factorial", "이상", "이하", "미만", "초과", "제곱", "세제곱", "or", "vs", "versus", "plus", "max", "tops", "maximum", "minimum", "upwards", "upward", "onwards", "bc", "bce");

    // Behind "and": 5 and up.
    private static readonly HashSet<string> Open = Words("up", "over", "above", "more", "below", "under", "down", "older", "younger", "upwards", "counting", "change", "later", "after", "earlier", "before", "beyond");

    private static readonly HashSet<string> Limits = Words("most", "least", "maximum", "minimum", "max", "min", "best", "worst", "latest", "earliest");

    // What a part of a number is called: 8의 절반, 8개의 반.
    private static readonly HashSet<string> KoreanParts = Words("절반", "반", "제곱", "세제곱", "배수", "약수", "역수", "두", "세");

    // In brackets behind a number: "5 (in millions)", "5 (negative)".
    private static readonly HashSet<string> Scales = Words("thousand", "thousands", "million", "millions", "billion", "billions", "negative");

    private static readonly HashSet<string> Wrong = Words("wrong", "incorrect", "false");

    private static readonly HashSet<string> Bases = Words("binary", "hexadecimal", "hex", "octal");

    private static readonly string[] KoreanBases = ["진수", "진법", "이진", "팔진", "십육진"];

    private static readonly string[] KoreanBounds = ["보다", "까지", "이상", "이하", "미만", "초과", "이내", "넘", "이전", "이후", "안팎", "남짓", "부터"];

    /// <summary>Says whether a negation between the last clause or number and this one, or right behind, denies it: "is not 5", "5 is not", 5가 아니다.</summary>
    public bool IsDenied(int index)
    {
        if (IsCalledWrong(phrases[index]))
        {
            return true;
        }

        int earliest = index == 0 ? 0 : phrases[index - 1].End;
        int number = index == 0 ? 0 : phrases[index - 1].NumberEnd;
        for (int i = phrases[index].Start - 1; i >= earliest; i--)
        {
            // "Anything but 5": the second word begins a clause elsewhere. Of "6 up from 5" the first one was taken for a unit.
            if (i > number && IsPair(i - 1))
            {
                return true;
            }

            if (EndsClause(tokens[i]))
            {
                break;
            }

            if (tokens[i].Kind == NumberTokenKind.Word && Negations.Contains(tokens[i].Text))
            {
                return true;
            }
        }

        int latest = index + 1 < phrases.Count ? phrases[index + 1].Start : tokens.Count;
        for (int i = phrases[index].NumberEnd; i < latest && !EndsClause(tokens[i], behind: true); i++)
        {
            string word = tokens[i].Text;
            if (tokens[i].Is('(') && i >= phrases[index].End && latest < tokens.Count)
            {
                // "5 (not 6)" denies the other one.
                return false;
            }

            if (tokens[i].Kind == NumberTokenKind.Word
                && ((i < phrases[index].End + Near && (Negations.Contains(word) || tokens[i].IsWord("fails") || (Verdicts.Contains(word) && IsSaid(phrases[index].End, i)))) || word == "안" || Array.Exists(KoreanDenials, denial => word.StartsWith(denial, StringComparison.Ordinal))))
            {
                return !DeniesNext(index);
            }
        }

        return false;
    }

    // "Wrong: 5", "the wrong answer is 5", 오답은 5, "5 (wrong)", "5: incorrect"; but "6 is wrong: 5".
    private bool IsCalledWrong(NumberPhrase phrase)
    {
        int at = phrase.Start - 1;
        while (at >= 0 && (tokens[at].IsAny(":=") || tokens[at].IsMarkup || tokens[at].IsWord("is") || tokens[at].IsWord("was") || tokens[at].IsWord("answer")))
        {
            at--;
        }

        if (at >= 0 && tokens[at].Kind == NumberTokenKind.Word && at < phrase.Start - 1
            && (tokens[at].IsWord("wrong") || tokens[at].IsWord("incorrect") || tokens[at].Text == "오답") && !(at > 0 && (tokens[at - 1].IsWord("is") || tokens[at - 1].IsWord("was"))))
        {
            return true;
        }

        return (at >= 0 && tokens[at].Text is "오답은" or "오답이")
            || (phrase.End + 1 < tokens.Count && tokens[phrase.End].IsAny("([:-–,") && tokens[phrase.End + 1].Kind == NumberTokenKind.Word && Wrong.Contains(tokens[phrase.End + 1].Text));
    }

    private bool IsPair(int at) => at + 1 < tokens.Count && tokens[at].Kind == NumberTokenKind.Word && tokens[at + 1].Kind == NumberTokenKind.Word && Pairs.Contains((tokens[at].Text.ToUpperInvariant(), tokens[at + 1].Text.ToUpperInvariant()));

    private bool IsSaid(int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            if (tokens[i].IsWord("is") || tokens[i].IsWord("was") || tokens[i].IsWord("seems") || tokens[i].IsWord("are") || tokens[i].IsWord("be"))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Says whether "not" and nothing else stands between a number and the next one: "5, not 6".</summary>
    public bool DeniesNext(int index)
    {
        if (index < 0 || index + 1 >= phrases.Count)
        {
            return false;
        }

        bool denies = false;
        for (int i = phrases[index].End; i < phrases[index + 1].Start; i++)
        {
            if (!(tokens[i].IsWord("not") || tokens[i].Is(',') || tokens[i].IsMarkup))
            {
                return false;
            }

            denies |= tokens[i].IsWord("not");
        }

        return denies;
    }

    /// <summary>Says whether a number is denied for the sake of the next one: "not 5 but 6", 5가 아니라 6.</summary>
    public bool YieldsToNext(int index)
    {
        if (index + 1 >= phrases.Count || !IsDenied(index))
        {
            return false;
        }

        for (int i = phrases[index].End; i < phrases[index + 1].Start; i++)
        {
            if (tokens[i].Kind == NumberTokenKind.Word
                && (tokens[i].Text is "아니라" or "아니고" || tokens[i].IsWord("but") || tokens[i].IsWord("it's") || (tokens[i].IsWord("it") && i + 1 < phrases[index + 1].Start && tokens[i + 1].IsWord("is"))))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Says whether a number is a bound of the one that is meant, or written in another base.</summary>
    public bool IsBound(NumberPhrase phrase)
    {
        for (int i = phrase.Start - 1; i >= 0 && i >= phrase.Start - Near - 1; i--)
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

            // A year that something ends or begins with.
            if ((token.IsWord("by") || token.IsWord("after") || token.IsWord("from")) && IsYear(phrase))
            {
                return true;
            }

            // The 1990s are ten years.
            if (i == phrase.Start - 1 && IsDecade(phrase) && (token.IsWord("the") || token.IsWord("early") || token.IsWord("late") || token.IsWord("mid")))
            {
                return true;
            }

            // Words that may stand between: "half of 5", "at least about 5", "by the end of 2030".
            if (!(token.IsWord("of") || token.IsWord("year") || token.IsWord("end") || token.IsWord("start") || token.IsWord("a") || token.IsWord("the") || token.IsWord("about") || token.IsWord("to") || token.IsWord("by")))
            {
                break;
            }
        }

        for (int i = phrase.NumberEnd; i < tokens.Count && i < phrase.End + Near; i++)
        {
            if (tokens[i].Kind != NumberTokenKind.Word)
            {
                if (i < phrase.End || (i == phrase.End && tokens[i].IsAny("([")))
                {
                    continue;
                }

                break;
            }

            // "5 apples and a half", 한 개 반, "5 (in millions)".
            if (IsAndAPart(i) || (i >= phrase.End && phrase.End > phrase.NumberEnd && UnitTable.Stem(tokens[i].Text) == "반") || (phrase.End < i && tokens[phrase.End].IsAny("([") && Scales.Contains(tokens[i].Text)) || IsLimit(i) || BoundsAfter.Contains(tokens[i].Text) || (tokens[i].IsWord("and") && i + 1 < tokens.Count && Open.Contains(tokens[i + 1].Text)) || (tokens[i].Text.ToUpperInvariant() is "BELOW" or "ABOVE" or "UNDER" && (i + 1 == tokens.Count || tokens[i + 1].Kind != NumberTokenKind.Word || tokens[i + 1].IsWord("zero"))))
            {
                return true;
            }
        }

        return HasKoreanBound(phrase) || IsOfAnotherBase(phrase);
    }

    private bool IsYear(NumberPhrase phrase) => phrase is { Unit.IsNone: true, IsSpelled: false } && phrase.NumberEnd == phrase.Start + 1 && tokens[phrase.Start].Text is { Length: 4 } digits && digits[0] is '1' or '2';

    private bool IsDecade(NumberPhrase phrase) => tokens[phrase.Start].Text is { Length: 4 } digits && digits[^1] == '0' && phrase.NumberEnd == phrase.Start + 1
        && phrase.NumberEnd < tokens.Count && tokens[phrase.NumberEnd].Text == "s" && tokens[phrase.NumberEnd].Start == tokens[phrase.Start].End;

    private bool IsAndAPart(int at)
    {
        int part = at + 1 < tokens.Count && tokens[at + 1].IsWord("a") ? at + 2 : at + 1;
        return tokens[at].IsWord("and") && part < tokens.Count && (tokens[part].IsWord("half") || tokens[part].IsWord("quarter") || tokens[part].IsWord("bit"));
    }

    // "5 at most", "5 at the very least".
    private bool IsLimit(int at)
    {
        int end = at + 1;
        while (end < tokens.Count && (tokens[end].IsWord("the") || tokens[end].IsWord("very") || tokens[end].IsWord("a")))
        {
            end++;
        }

        return tokens[at].IsWord("at") && end < tokens.Count && tokens[end].Kind == NumberTokenKind.Word && Limits.Contains(tokens[end].Text);
    }

    // 5보다, 5개까지: the ending stands at the number or at its unit.
    private bool HasKoreanBound(NumberPhrase phrase)
    {
        string unit = phrase.End > phrase.NumberEnd ? tokens[phrase.End - 1].Text : "";
        string next = phrase.End < tokens.Count && tokens[phrase.End].Kind == NumberTokenKind.Word ? tokens[phrase.End].Text : "";
        string behindParticle = next is "를" or "을" or "가" or "이" or "은" or "는" || unit.EndsWith('를') || unit.EndsWith('을') || unit.EndsWith('가') || unit.EndsWith('이')
            ? phrase.End + (unit.Length > 0 ? 0 : 1) is var follows && follows < tokens.Count && tokens[follows].Kind == NumberTokenKind.Word ? tokens[follows].Text : "" : "";
        string last = next.Length > 0 && unit.Length == 0 ? next : unit;
        int behind = unit.Length == 0 ? phrase.End + 1 : phrase.End;
        if (last == "의" || (last.EndsWith('의') && behind < tokens.Count && tokens[behind].Kind == NumberTokenKind.Word && KoreanParts.Contains(UnitTable.Stem(tokens[behind].Text))))
        {
            return true;
        }

        return Array.Exists(KoreanBounds, bound => unit.Contains(bound, StringComparison.Ordinal) || next.StartsWith(bound, StringComparison.Ordinal) || behindParticle.StartsWith(bound, StringComparison.Ordinal));
    }

    private bool IsOfAnotherBase(NumberPhrase phrase)
    {
        for (int i = phrase.NumberEnd; i < tokens.Count && i < phrase.NumberEnd + Near && tokens[i].Kind is not NumberTokenKind.Break && !tokens[i].Is('.'); i++)
        {
            if (IsBase(tokens[i]) || IsNumberedBase(i))
            {
                return true;
            }
        }

        for (int i = phrase.Start - 1; i >= 0 && i >= phrase.Start - Sentence && tokens[i].Kind is not NumberTokenKind.Break && !tokens[i].Is('.'); i--)
        {
            if (IsBase(tokens[i]) || IsNumberedBase(i))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsNumberedBase(int at) => tokens[at].IsWord("base") && at + 1 < tokens.Count && tokens[at + 1].Kind == NumberTokenKind.Number;

    private static bool IsBase(NumberToken token) => token.Kind == NumberTokenKind.Word
        && (Bases.Contains(token.Text) || Array.Exists(KoreanBases, one => token.Text.StartsWith(one, StringComparison.Ordinal)));

    private static bool EndsClause(NumberToken token, bool behind = false) =>
        token.Kind == NumberTokenKind.Break || token.IsAny(".,;:?!") || (token.Kind == NumberTokenKind.Word && ClauseWords.Contains(token.Text) && !(behind && token.Text == "아니라"));

    private static HashSet<string> Words(params string[] words) => new(words, StringComparer.OrdinalIgnoreCase);
}
