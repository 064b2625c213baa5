namespace Ensemble;

/// <summary>
/// Reads what a quantity is of, beyond its unit: the words behind it up to the end of the clause (5 new cars, 5 cups of rice, 5 a day), and in Korean the noun before it (사과 5개).
/// No word is dropped unless it says nothing, so that different things are never one choice.
/// </summary>
internal sealed class CountedThing(List<NumberToken> tokens)
{
    // Nobody counts a longer thing; what goes on so long is a sentence about something else.
    private const int MaximumWords = 12;

    // A new clause or a remark about the number begins; nothing before it is lost.
    private static readonly HashSet<string> Ends = new(StringComparer.OrdinalIgnoreCase)
    {
        "because", "so", "therefore", "thus", "hence", "then", "but", "however", "although", "though", "i", "we", "you", "he", "she", "they", "altogether", "overall", "exactly", "approximately", "too", "also", "finally",
    };

    // First in brackets they say how sure the number is, not of what it is.
    private static readonly HashSet<string> Remarks = new(StringComparer.OrdinalIgnoreCase) { "approx", "approximately", "roughly", "about", "exactly", "rounded", "estimated", "correct", "confirmed", "total", "yes", "see", "as", "which" };

    // How often, said in front: "daily 5 apples".
    private static readonly HashSet<string> Frequencies = new(StringComparer.OrdinalIgnoreCase)
    {
        "hourly", "daily", "nightly", "weekly", "biweekly", "fortnightly", "monthly", "quarterly", "yearly", "annually",
    };

    private static readonly HashSet<string> KoreanFrequencies = new(StringComparer.Ordinal) { "매시간", "매일", "매주", "매달", "매월", "매년" };

    private static readonly HashSet<string> Copulas = new(StringComparer.OrdinalIgnoreCase) { "is", "are", "was", "were", "be", "makes", "gives", "equals" };

    // "5 is the answer", "5 km is right": what is said of the number is no part of it.
    private static readonly HashSet<string> Said = new(StringComparer.OrdinalIgnoreCase) { "the", "my", "our", "your", "what", "it", "right", "correct", "left", "needed", "required", "a", "an" };

    // "in total", "left", "as well".
    private static readonly HashSet<string> Sums = new(StringComparer.OrdinalIgnoreCase) { "total", "all", "sum" };

    // They say that there is one, and nothing of it.
    private static readonly HashSet<string> KoreanEnds = new(StringComparer.Ordinal)
    {
        "있습니다", "있어요", "있다", "있음", "됩니다", "돼요", "된다", "되겠습니다", "정답", "정답입니다", "답입니다", "맞습니다", "맞다", "따라서", "그러므로", "그래서", "입니다",
    };

    private static readonly HashSet<string> KoreanOpenings = new(StringComparer.Ordinal)
    {
        "약", "대략", "총", "모두", "전부", "합계", "정확히", "바로", "오직", "단", "겨우", "정답", "답", "결과", "값", "합", "즉", "따라서", "그래서", "그러므로", "결국", "최종", "마이너스", "영하", "그럼", "이제", "그리고", "아마", "저는", "나는", "개수", "총합",
    };

    private static readonly string[] KoreanCopulas = ["이었습니다", "였습니다", "입니다", "이에요", "예요", "를"];

    // Endings of what the sentence is about, not of a noun that is counted.
    private static readonly string[] KoreanTopics = ["은", "는", "를", "에서", "에는", "면", "고", "며", "니까", "므로", "서", "입니다", "라서"];

    /// <summary>Returns a number in base units with its unit and what it is of; <see langword="null"/> when that is unclear.</summary>
    public (ExactNumber Total, Unit Unit)? Read(NumberPhrase phrase)
    {
        if (phrase is not { Number: { } number, Total: { } total } || IsRepeated(phrase) || Behind(phrase) is not { } words)
        {
            return null;
        }

        (Unit? unit, int nouns) = Before(phrase, words.Count);
        if (unit is null)
        {
            return null;
        }

        words.AddRange(tokens.Skip(phrase.Start - nouns).Take(ReferenceEquals(unit, phrase.Unit) ? nouns : nouns - 1).Select(token => token.Text));
        return (ReferenceEquals(unit, phrase.Unit) ? total : unit.ToBase(number), words.Count == 0 ? unit : unit.Counting(string.Join(' ', words), phrase.HasKnownUnit));
    }

    private bool IsRepeated(NumberPhrase phrase)
    {
        int at = phrase.Start - 1;
        while (at >= 0 && (tokens[at].IsAny(":,") || tokens[at].IsMarkup))
        {
            at--;
        }

        if (at < 0 || tokens[at].Kind != NumberTokenKind.Word)
        {
            return false;
        }

        // A bare noun is part of the choice in Korean; behind a colon it is not.
        return Frequencies.Contains(tokens[at].Text) || (at < phrase.Start - 1 && KoreanFrequencies.Contains(tokens[at].Text))
            || (at > 0 && UnitTable.IsTime(tokens[at]) && (tokens[at - 1].IsWord("per") || tokens[at - 1].IsWord("every") || tokens[at - 1].IsWord("each") || tokens[at - 1].IsWord("a") || tokens[at - 1].IsWord("an")));
    }

    private List<string>? Behind(NumberPhrase phrase)
    {
        List<string> words = [];
        int at = phrase.End;
        for (; at < tokens.Count; at++)
        {
            NumberToken token = tokens[at];
            switch (token.Kind)
            {
                case NumberTokenKind.Word when IsEnd(at):
                    return words;
                case NumberTokenKind.Word:
                    Add(words, at);
                    break;
                case NumberTokenKind.Number or NumberTokenKind.Vulgar or NumberTokenKind.Scale when words.Count > 0:
                    words.Add(token.Text);
                    break;
                case NumberTokenKind.Symbol when GoesOn(at, words):
                    break;
                case NumberTokenKind.Symbol when token.IsAny("(["):
                    return SaysOfWhat(at) ? null : words;
                case NumberTokenKind.Symbol:
                    return token.IsAny("+<>^%$€£¥₩|\\×÷/&") && !(token.IsAny("$|\\") && IsLast(at)) ? null : words;
                case NumberTokenKind.Superscript:
                    return null;
                default:
                    return words;
            }

            if (words.Count > MaximumWords)
            {
                return null;
            }
        }

        return words;
    }

    // "5 (apples)", "5 miles (nautical miles)" and "$5 (a month)" say of what, and so may a word behind the bracket: "5 (I checked) km". "5 (I checked)" and "2 m (200 cm)" do not.
    private bool SaysOfWhat(int open)
    {
        int close = open + 1;
        bool hasNumber = false;
        for (; close < tokens.Count && tokens[close].Kind != NumberTokenKind.Break && !tokens[close].IsAny(")]"); close++)
        {
            hasNumber |= tokens[close].Kind == NumberTokenKind.Number;
        }

        if (close + 1 < tokens.Count && tokens[close + 1].Kind == NumberTokenKind.Word && !IsEnd(close + 1))
        {
            return true;
        }

        NumberToken first = open + 1 < tokens.Count ? tokens[open + 1] : default;
        return first.Kind == NumberTokenKind.Word && open + 1 < close
            && (first.IsWord("per") || !(hasNumber || Remarks.Contains(first.Text) || Ends.Contains(first.Text) || (first.IsWord("in") && tokens[open + 2].IsWord("total"))));
    }

    private bool IsLast(int at) => at + 1 >= tokens.Count || tokens[at + 1].Kind != NumberTokenKind.Word || tokens[at + 1].Start > tokens[at].End;

    // Dress, hyphens within a word, points of abbreviations (fl. oz, U.S. gallons), and slashes and ampersands between words.
    private bool GoesOn(int at, List<string> words)
    {
        NumberToken token = tokens[at];
        bool isBetween = at > 0 && at + 1 < tokens.Count && tokens[at - 1].Kind == NumberTokenKind.Word && tokens[at + 1].Kind == NumberTokenKind.Word;
        bool touches = isBetween && tokens[at - 1].End == token.Start && tokens[at + 1].Start == token.End;
        if (token.IsAny("*_`\"'{}"))
        {
            return true;
        }

        if (token.Is('.'))
        {
            return isBetween && tokens[at - 1].End == token.Start && !NumberText.IsHangul(tokens[at - 1].Text[0])
                && (touches || (char.IsAsciiLetterLower(tokens[at + 1].Text[0]) && tokens[at - 1].Text.Length <= 4));
        }

        if (isBetween && token.IsAny("/&"))
        {
            words.Add(token.Is('/') ? "per" : "and");
            return true;
        }

        return token.Is('-') && touches;
    }

    private bool IsEnd(int at)
    {
        string word = tokens[at].Text;
        NumberToken? next = at + 1 < tokens.Count ? tokens[at + 1] : null;
        if (Ends.Contains(word) || KoreanEnds.Contains(word))
        {
            return true;
        }

        bool isLast = next is not { Kind: NumberTokenKind.Word };
        return (Copulas.Contains(word) && (isLast || Said.Contains(next!.Value.Text)))
            || ((tokens[at].IsWord("total") || tokens[at].IsWord("left")) && isLast)
            || (tokens[at].IsWord("in") && next is { Kind: NumberTokenKind.Word } sum && Sums.Contains(sum.Text) && (at + 2 >= tokens.Count || tokens[at + 2].Kind != NumberTokenKind.Word))
            || (tokens[at].IsWord("as") && next is { } well && well.IsWord("well"));
    }

    private void Add(List<string> words, int at)
    {
        string word = tokens[at].Text;
        if (char.IsSurrogate(word[0]) || tokens[at].IsWord("the"))
        {
            return;
        }

        if (NumberText.IsHangul(word[0]))
        {
            string stem = Array.Find(KoreanCopulas, ending => word.Length > ending.Length && word.EndsWith(ending, StringComparison.Ordinal)) is { } found ? word[..^found.Length] : word;
            if (!UnitTable.IsNoUnit(word) && !UnitTable.IsNoUnit(stem))
            {
                words.Add(stem);
            }

            return;
        }

        // "5 a day" is five per day.
        bool isRate = (tokens[at].IsWord("a") || tokens[at].IsWord("an") || tokens[at].IsWord("each") || tokens[at].IsWord("every")) && at + 1 < tokens.Count && UnitTable.IsTime(tokens[at + 1]);
        words.Add(isRate ? "per" : UnitTable.IsNoUnit(word) ? word.ToLowerInvariant() : UnitTable.Noun(word));
    }

    // The nouns that stand bare before a number in Korean; 시속 and 섭씨 are parts of the unit.
    private (Unit? Unit, int Nouns) Before(NumberPhrase phrase, int wordsBehind)
    {
        int from = phrase.Start;
        while (from > 0 && phrase.Start - from <= MaximumWords && IsBareNoun(from - 1))
        {
            from--;
        }

        int nouns = phrase.Start - from;
        string last = nouns == 0 ? "" : tokens[phrase.Start - 1].Text;
        string? time = last switch { "시속" or "시간당" => "h", "분속" or "분당" => "min", "초속" or "초당" => "s", _ => null };
        Unit unit = phrase.Unit;
        Unit? own = time is not null ? unit.Times(UnitTable.Find(time)!, -1)
            : last is "섭씨" or "화씨" && unit.HasDimensionOf(UnitTable.Sign('°')!) ? UnitTable.Find(last is "섭씨" ? "°C" : "°F")
            : nouns == 1 && unit.IsNone && wordsBehind == 0 ? UnitTable.Find(last)
            : null;
        return (phrase.IsCompound && own is not null ? null : own ?? unit, nouns);
    }

    private bool IsBareNoun(int at)
    {
        NumberToken token = tokens[at];
        return token.Kind == NumberTokenKind.Word && NumberText.IsHangul(token.Text[0]) && !UnitTable.IsNoUnit(token.Text) && !KoreanOpenings.Contains(token.Text)
            && (token.Text.Length == 1 || !Array.Exists(KoreanTopics, ending => token.Text.EndsWith(ending, StringComparison.Ordinal)))
            && !(at > 0 && tokens[at - 1].Kind == NumberTokenKind.Number && tokens[at - 1].End == token.Start);
    }
}
