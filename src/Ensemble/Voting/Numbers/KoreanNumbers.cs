namespace Ensemble;

/// <summary>Reads numbers that are spelled in Korean: 삼백이십오, 오천원, 세 개, 스물한 명. Most syllables of numbers are words as well, so a single one is none, and what has two readings has no value.</summary>
internal static class KoreanNumbers
{
    private const string Digits = "영일이삼사오육칠팔구";

    private const string Small = "십백천";

    private const string Large = "만억조";

    private const string Numerals = Digits + Small + Large;

    // Words that only look like numbers: if, an angel, a hundredth day, structure, cities, pride.
    private static readonly HashSet<string> Homographs = new(StringComparer.Ordinal)
    {
        "만일", "천사", "백일", "천일", "이만", "이천", "사천", "오만", "천만", "만사", "백사", "백이", "천이", "만이", "구만", "구천", "구조", "사조", "이조", "오조", "백오", "천오", "백구", "삼천",
    };

    private static readonly string[] NativeTens = ["열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔"];

    private static readonly string[] NativeUnits = ["하나", "둘", "셋", "넷", "다섯", "여섯", "일곱", "여덟", "아홉"];

    // Before what is counted.
    private static readonly string[] Determiners = ["한", "두", "세", "네"];

    private static readonly HashSet<string> Counters = new(StringComparer.Ordinal)
    {
        "개", "명", "사람", "마리", "권", "대", "장", "잔", "병", "그루", "송이", "살", "시간", "가지", "번", "켤레", "쌍", "달", "줄", "채", "곳", "배",
    };

    // Those that come with digits as well.
    private static readonly HashSet<string> MoreCounters = new(StringComparer.Ordinal)
    {
        "회", "위", "등", "층", "점", "도", "쪽", "페이지", "세", "척", "통", "봉지", "상자", "그릇", "벌", "자루", "포기", "가구", "건", "편", "곡", "학년", "반", "호", "동", "단계", "인", "차례", "문제", "종", "종류", "팀", "조각",
        "단어", "글자", "다스", "묶음", "세트", "컵", "알", "판", "모", "박스", "시", "월", "할", "푼", "제곱", "프로",
    };

    // "한 번" is "once upon a time" and "한 사람" is somebody.
    private static readonly HashSet<string> CountersOfOne = new(StringComparer.Ordinal) { "개", "명", "마리", "권", "잔", "병", "그루", "살", "장" };

    private static readonly HashSet<string> SinoUnits = new(StringComparer.Ordinal) { "원", "명", "개", "달러", "퍼센트", "미터", "킬로미터", "킬로그램", "그램", "년", "개월", "초", "엔", "유로", "프로", "도", "점", "층", "번", "쪽", "페이지", "리터", "톤" };

    /// <summary>Says whether things are counted by a word.</summary>
    public static bool IsCounter(string word) => Counters.Contains(word) || MoreCounters.Contains(word);

    /// <summary>Reads the number that begins with a word.</summary>
    public static (List<NumberToken> Tokens, int End)? Read(List<NumberToken> tokens, int at)
    {
        string word = tokens[at].Text;
        return !NumberText.IsHangul(word[0]) || (at > 0 && tokens[at - 1].Kind == NumberTokenKind.Number && tokens[at - 1].End == tokens[at].Start) ? null
            : Digits.Contains(word[0], StringComparison.Ordinal) || Small.Contains(word[0], StringComparison.Ordinal) || word[0] == '만' ? Sino(tokens, at) : Native(tokens, at);
    }

    private static (List<NumberToken> Tokens, int End)? Sino(List<NumberToken> tokens, int start)
    {
        ExactNumber total = ExactNumber.Zero;

        // 만 오십구: the word before belongs to the number and was none by itself.
        bool certain = start == 0 || tokens[start - 1].Kind != NumberTokenKind.Word || !tokens[start - 1].Text.All(c => Numerals.Contains(c, StringComparison.Ordinal));
        int last = int.MaxValue;
        int words = 0;
        for (int at = start; at < tokens.Count; at++, words++)
        {
            NumberToken token = tokens[at];
            if (token.Kind != NumberTokenKind.Word || Split(token.Text, IsFollowed(tokens, at)) is not { } split || (words > 0 && !certain))
            {
                // "오백만 일" may go on with one, and may be days.
                certain &= token.Kind != NumberTokenKind.Word || !Numerals.Contains(token.Text[0], StringComparison.Ordinal) || !IsRest(token.Text[1..]);
                return words == 0 ? null : ([SpelledNumbers.Token(tokens[start].Start, tokens[at - 1].End, certain ? total : null)], at);
            }

            // 삼만 오천: each word below the last power of the one before.
            (int length, ExactNumber? value, int lowest) = split;
            bool goesOn = length == token.Text.Length;
            string next = at + 1 < tokens.Count && tokens[at + 1].Kind == NumberTokenKind.Word ? tokens[at + 1].Text : "";
            if (words == 0 && Homographs.Contains(token.Text[..length]) && !SinoUnits.Contains(UnitTable.Stem(goesOn && next.Length > 0 ? next : token.Text.Length > length ? token.Text[length..] : "?")) && Split(next, false) is null)
            {
                return null;
            }

            certain &= value is { } part && (words == 0 || part < ExactNumber.PowerOfTen(last));
            total += value ?? ExactNumber.Zero;
            last = lowest;
            if (!goesOn || lowest < 4)
            {
                NumberToken number = SpelledNumbers.Token(tokens[start].Start, token.Start + length, certain ? total : null);
                return (goesOn ? [number] : [number, new(NumberTokenKind.Word, token.Start + length, token.End, token.Text[length..])], at + 1);
            }
        }

        return ([SpelledNumbers.Token(tokens[start].Start, tokens[^1].End, certain ? total : null)], tokens.Count);
    }

    // Something is said of the number: 십이 정답 may be "ten is".
    private static bool IsFollowed(List<NumberToken> tokens, int at) => at + 1 < tokens.Count && tokens[at + 1].Kind == NumberTokenKind.Word;

    // The numerals at the start of a word; what is behind them must be a unit or an ending. Two ways to part them with two values are none.
    private static (int Length, ExactNumber? Value, int Lowest)? Split(string word, bool isFollowed)
    {
        (int Length, ExactNumber? Value, int Lowest)? found = null;
        int end = 0;
        while (end < word.Length && end < 24 && Numerals.Contains(word[end], StringComparison.Ordinal))
        {
            end++;
        }

        for (int length = end; length >= 2; length--)
        {
            // The 만 of 오천만 is no "only".
            if (word[length..] == "만" || Positional(word.AsSpan(0, length)) is not var (value, lowest) || !IsRest(word[length..]))
            {
                continue;
            }

            if (found is null)
            {
                found = (length, value, lowest);
            }
            else if (isFollowed || found.Value.Length < word.Length)
            {
                return (found.Value.Length, null, found.Value.Lowest);
            }
        }

        // 십이 alone is twelve, though 십 with an ending is ten.
        bool isTen = found is { } whole && (isFollowed || whole.Length < word.Length) && end >= 1 && whole.Length == 2 && IsRest(word[1..]) && Small.Contains(word[0], StringComparison.Ordinal);
        return isTen ? (found!.Value.Length, null, found.Value.Lowest) : found;
    }

    private static bool IsRest(string rest) => rest.Length == 0 || rest is "다" || UnitTable.IsNoUnit(rest) || SinoUnits.Contains(rest) || SinoUnits.Contains(UnitTable.Stem(rest));

    private static (ExactNumber Value, int Lowest)? Positional(ReadOnlySpan<char> text)
    {
        (long total, long section) = (0, 0);
        (int small, int large, int lowest) = (4, int.MaxValue, 0);
        int digit = -1;
        foreach (char c in text)
        {
            if (Digits.IndexOf(c, StringComparison.Ordinal) is >= 0 and var value)
            {
                if (digit >= 0 || value == 0)
                {
                    return null;
                }

                (digit, lowest) = (value, 0);
                continue;
            }

            int power = Small.IndexOf(c, StringComparison.Ordinal) + 1;
            if (power > 0)
            {
                if (power >= small)
                {
                    return null;
                }

                section += Math.Max(1, digit) * (long)Math.Pow(10, power);
                (small, lowest) = (power, power);
            }
            else
            {
                power = (Large.IndexOf(c, StringComparison.Ordinal) + 1) * 4;
                section += Math.Max(0, digit);
                if (power >= large || (section == 0 && power > 4))
                {
                    return null;
                }

                total += Math.Max(1, section) * (long)Math.Pow(10, power);
                (section, small, large, lowest) = (0, 4, power, power);
            }

            digit = -1;
        }

        return (ExactNumber.Of(total + section + Math.Max(0, digit)), lowest);
    }

    private static (List<NumberToken> Tokens, int End)? Native(List<NumberToken> tokens, int at)
    {
        NumberToken token = tokens[at];
        int tens = Array.FindIndex(NativeTens, name => token.Text.StartsWith(name, StringComparison.Ordinal));
        bool isTwenty = token.Text.StartsWith("스무", StringComparison.Ordinal);
        int length = isTwenty ? 2 : tens >= 0 ? NativeTens[tens].Length : 0;
        int value = isTwenty ? 20 : (tens + 1) * 10;
        int unit = isTwenty ? -1 : Array.FindIndex(NativeUnits, name => token.Text.AsSpan(length).StartsWith(name, StringComparison.Ordinal));
        int counted = isTwenty || unit >= 0 ? -1 : Array.FindIndex(Determiners, name => token.Text.AsSpan(length).StartsWith(name, StringComparison.Ordinal));
        length += unit >= 0 ? NativeUnits[unit].Length : counted >= 0 ? 1 : 0;
        value += Math.Max(unit, counted) + 1;
        if (length == 0)
        {
            return null;
        }

        string rest = token.Text[length..];
        string counter = rest.Length > 0 ? rest : at + 1 < tokens.Count && tokens[at + 1].Kind == NumberTokenKind.Word ? tokens[at + 1].Text : "";
        bool counts = counter.Length > 0 && NumberText.IsHangul(counter[0]) && (value == 1 ? CountersOfOne : Counters).Contains(UnitTable.Stem(counter));
        bool isNoun = counted < 0 && !isTwenty && (rest.Length == 0 || (UnitTable.IsNoUnit(rest) && rest is not "다")) && SpelledNumbers.StandsAlone(tokens, at, at + 1);
        if (!counts && !isNoun)
        {
            return null;
        }

        NumberToken number = SpelledNumbers.Token(token.Start, token.Start + length, ExactNumber.Of(value));
        return (rest.Length == 0 ? [number] : [number, new(NumberTokenKind.Word, token.Start + length, token.End, rest)], at + 1);
    }
}
