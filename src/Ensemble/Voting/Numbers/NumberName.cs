namespace Ensemble;

/// <summary>Says whether a number only names or places something: a time (9 pm, 10시), a day (March 5), an index (Chapter 5, Error 404, 제5장), a part of a name (Apollo 11).</summary>
internal sealed class NumberName(List<NumberToken> tokens)
{
    private static readonly HashSet<string> Labels = Words(
        "chapter", "chapters", "section", "page", "pages", "figure", "fig", "table", "volume", "vol", "version", "ver", "room", "line", "error", "code", "status", "http", "step", "stage", "phase", "article", "paragraph",
        "appendix", "exhibit", "gate", "platform", "flight", "highway", "interstate", "route", "apartment", "apt", "suite", "lesson", "verse", "psalm", "episode", "season", "question", "problem", "exercise", "example",
        "part", "case", "item", "type", "class", "model", "window", "windows", "python", "equation", "eq", "theorem", "lemma", "note", "footnote", "제", "문제", "단계", "그림", "표", "오류", "코드", "버전");

    // What may stand before an answer with a capital letter; any other such word makes a name with the number.
    private static readonly HashSet<string> Openings = Words(
        "about", "around", "approximately", "approx", "roughly", "exactly", "only", "just", "at", "in", "on", "by", "for", "from", "to", "of", "with", "the", "a", "an", "all", "both", "so", "thus", "then", "hence", "therefore",
        "and", "but", "or", "since", "because", "if", "there", "maybe", "perhaps", "probably", "likely", "nearly", "almost", "total", "totals", "sum", "result", "answer", "answers", "ans", "value", "count", "number", "final",
        "equals", "equal", "is", "was", "are", "were", "be", "has", "have", "had", "gives", "get", "gets", "got", "makes", "leaves", "costs", "it", "its", "that", "this", "over", "under", "minus", "negative", "positive", "plus",
        "yes", "no", "ok", "okay", "circa", "now", "finally", "overall", "some", "solution", "output", "rating", "score", "price", "cost", "profit", "distance", "speed", "time", "age", "area", "length", "height", "width",
        "weight", "mass", "perimeter", "temperature", "amount", "difference", "product", "quotient", "remainder", "average", "mean", "median", "mode", "probability", "percentage", "revenue", "estimate", "guess", "i", "we",
        "he", "she", "they", "you", "not", "never", "up", "than", "least", "most", "take", "let", "say", "here", "last", "next", "first", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "when", "where", "what", "how", "after", "before", "add", "adding", "subtract", "multiply", "divide",
        "using", "given", "returns", "return", "prints", "returned", "returning", "correct", "max", "min", "maximum", "minimum", "half", "twice", "confidence", "year", "hundred", "thousand", "million", "billion", "factor", "square", "root");

    private static readonly HashSet<string> Months = Words("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec");

    private readonly bool _hasSmallLetters = tokens.Exists(token => token.Kind == NumberTokenKind.Word && token.Text.Length > 1 && char.IsLower(token.Text[^1]));

    /// <summary>Says so of a number.</summary>
    public bool Names(NumberPhrase phrase) => IsTime(phrase) || IsDay(phrase) || IsIndex(phrase);

    private bool IsTime(NumberPhrase phrase)
    {
        int at = phrase.NumberEnd;
        if (at >= tokens.Count || tokens[at].Kind != NumberTokenKind.Word)
        {
            return false;
        }

        // Written "a.m." as well.
        bool hasPoint = at + 2 < tokens.Count && tokens[at].Text is "a" or "p" or "A" or "P" && tokens[at + 1].Is('.') && tokens[at + 2].IsWord("m");
        return hasPoint || tokens[at].IsWord("am") || tokens[at].IsWord("pm") || tokens[at].IsWord("o'clock") || tokens[at].IsWord("noon") || tokens[at].IsWord("midnight") || IsPartOfDay(at) || UnitTable.Stem(tokens[at].Text) is "시" or "시경" or "시쯤" or "시반";
    }

    // "5 in the morning", "5 at night".
    private bool IsPartOfDay(int at) => at + 1 < tokens.Count && ((tokens[at].IsWord("at") && tokens[at + 1].IsWord("night"))
        || (tokens[at].IsWord("in") && at + 2 < tokens.Count && tokens[at + 1].IsWord("the") && (tokens[at + 2].IsWord("morning") || tokens[at + 2].IsWord("afternoon") || tokens[at + 2].IsWord("evening"))));

    private bool IsDay(NumberPhrase phrase)
    {
        int at = phrase.NumberEnd;
        at += at < tokens.Count && tokens[at].Text is "st" or "nd" or "rd" or "th" ? 1 : 0;
        at += at < tokens.Count && tokens[at].IsWord("of") ? 1 : 0;
        return IsMonth(at) || (tokens[phrase.Start].Kind == NumberTokenKind.Number && (IsMonth(phrase.Start - 1) || (phrase.Start > 1 && tokens[phrase.Start - 1].Is('.') && IsMonth(phrase.Start - 2) && tokens[phrase.Start - 2].Text.Length <= 4)));
    }

    // "5 may" and "5 march" begin something else.
    private bool IsMonth(int at) => at >= 0 && at < tokens.Count && tokens[at].Kind == NumberTokenKind.Word && Months.Contains(tokens[at].Text) && (char.IsUpper(tokens[at].Text[0]) || tokens[at].Text.Length > 5);

    private bool IsIndex(NumberPhrase phrase)
    {
        int at = phrase.Start - 1;
        while (at > 0 && tokens[at].IsAny("*_#(") && !tokens[at - 1].Is('#'))
        {
            at--;
        }

        // "No. 5", "Fig. 5".
        bool isShort = (at >= 0 && tokens[at].Is('№')) || (at > 0 && tokens[at].Is('.') && tokens[at - 1].Kind == NumberTokenKind.Word && tokens[at - 1].End == tokens[at].Start && (Labels.Contains(tokens[at - 1].Text) || tokens[at - 1].IsWord("no")));
        if (isShort)
        {
            return true;
        }

        if (at < 0 || tokens[at].Kind != NumberTokenKind.Word || tokens[at].IsSpelled)
        {
            return false;
        }

        string word = tokens[at].Text;
        return Labels.Contains(word)
            || (at == phrase.Start - 1 && word.Length > 1 && word.Any(char.IsUpper) && (_hasSmallLetters || at == 0) && !Openings.Contains(word) && !UnitTable.IsCurrencyCode(word) && !word.Contains('\'', StringComparison.Ordinal));
    }

    private static HashSet<string> Words(params string[] words) => new(words, StringComparer.OrdinalIgnoreCase);
}
