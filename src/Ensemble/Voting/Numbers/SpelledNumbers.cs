namespace Ensemble;

/// <summary>Writes numbers that are spelled out (twenty-one, half a million, 삼백이십오) as one token with their value, so that the grammar reads on from there. A run that could be two numbers has no value.</summary>
internal static class SpelledNumbers
{
    private static readonly Dictionary<string, int> Small = new(StringComparer.OrdinalIgnoreCase)
    {
        ["zero"] = 0,
        ["one"] = 1,
        ["two"] = 2,
        ["three"] = 3,
        ["four"] = 4,
        ["five"] = 5,
        ["six"] = 6,
        ["seven"] = 7,
        ["eight"] = 8,
        ["nine"] = 9,
        ["ten"] = 10,
        ["eleven"] = 11,
        ["twelve"] = 12,
        ["thirteen"] = 13,
        ["fourteen"] = 14,
        ["fifteen"] = 15,
        ["sixteen"] = 16,
        ["seventeen"] = 17,
        ["eighteen"] = 18,
        ["nineteen"] = 19,
    };

    private static readonly Dictionary<string, int> Tens = new(StringComparer.OrdinalIgnoreCase)
    {
        ["twenty"] = 20,
        ["thirty"] = 30,
        ["forty"] = 40,
        ["fifty"] = 50,
        ["sixty"] = 60,
        ["seventy"] = 70,
        ["eighty"] = 80,
        ["ninety"] = 90,
    };

    private static readonly Dictionary<string, int> Scales = new(StringComparer.OrdinalIgnoreCase) { ["thousand"] = 3, ["million"] = 6, ["billion"] = 9, ["trillion"] = 12 };

    private static readonly Dictionary<string, int> Parts = new(StringComparer.OrdinalIgnoreCase)
    {
        ["half"] = 2,
        ["third"] = 3,
        ["quarter"] = 4,
        ["fourth"] = 4,
        ["fifth"] = 5,
        ["sixth"] = 6,
        ["seventh"] = 7,
        ["eighth"] = 8,
        ["ninth"] = 9,
        ["tenth"] = 10,
    };

    private static readonly HashSet<string> Ordinals = new(StringComparer.OrdinalIgnoreCase) { "first", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "hundredth", "thousandth", "millionth" };

    /// <summary>Returns the tokens with one for each spelled number.</summary>
    public static List<NumberToken> Join(List<NumberToken> tokens)
    {
        List<NumberToken>? joined = null;
        for (int i = 0; i < tokens.Count; i++)
        {
            if (tokens[i].Kind == NumberTokenKind.Word && (KoreanNumbers.Read(tokens, i) ?? Read(tokens, i)) is { } spelled)
            {
                joined ??= [.. tokens[..i]];
                joined.AddRange(spelled.Tokens);
                i = spelled.End - 1;
            }
            else
            {
                joined?.Add(tokens[i]);
            }
        }

        return joined ?? tokens;
    }

    /// <summary>Makes the token of a number between two places of the text.</summary>
    public static NumberToken Token(int start, int end, ExactNumber? value) => new(NumberTokenKind.Number, start, end, value?.ToString() ?? "?", value) { IsSpelled = true };

    private static (List<NumberToken> Tokens, int End)? Read(List<NumberToken> tokens, int start)
    {
        int at = start;
        ExactNumber? value = Value(tokens, ref at);
        bool isOne = at == start + 1 && tokens[start].IsWord("one") && !StandsAlone(tokens, start, at);
        if (at == start || IsAdjective(tokens, at) || (isOne && !(at < tokens.Count && tokens[at].Text is "in" or "out" or "or" or "to" or "and")))
        {
            return null;
        }

        // "one in five" keeps its number in sight, without a value.
        value = isOne ? null : value;

        // "five six", "twenty thirty" and "twenty-first": no number, or two.
        while (at < tokens.Count)
        {
            int next = tokens[at].Is('-') && tokens[at].Start == tokens[at - 1].End ? at + 1 : at;
            if (next >= tokens.Count || tokens[next].Kind != NumberTokenKind.Word || !(IsNumeral(tokens[next].Text) || Ordinals.Contains(tokens[next].Text) || (next > at && tokens[next].IsWord("second"))))
            {
                break;
            }

            value = null;
            at = next + 1;
        }

        return ([Token(tokens[start].Start, tokens[at - 1].End, value)], at);
    }

    private static ExactNumber? Value(List<NumberToken> tokens, ref int at)
    {
        if (IsWord(tokens, at, "half") && (IsWord(tokens, at + 1, "a") || IsWord(tokens, at + 1, "an")) && ScaleAt(tokens, at + 2) is var half and >= 0)
        {
            // "half a dozen": the grammar knows dozens.
            at += half == 0 ? 2 : 3;
            return ExactNumber.Of(1, 2) * ExactNumber.PowerOfTen(half);
        }

        if (IsWord(tokens, at, "a") && ScaleAt(tokens, at + 1) is var one and >= 0 && one != 0)
        {
            int next = at;
            ExactNumber? sum = Sum(tokens, ref next, hasArticle: true);
            at = next;
            return sum;
        }

        if (IsWord(tokens, at, "a") && ScaleAt(tokens, at + 1) == 0)
        {
            at++;
            return ExactNumber.One;
        }

        int start = at;
        ExactNumber? whole = Sum(tokens, ref at, hasArticle: false);
        if (at == start)
        {
            return null;
        }

        if (whole is { } number && IsWord(tokens, at, "point"))
        {
            return Decimals(tokens, number, ref at);
        }

        return Fraction(tokens, start, whole, ref at);
    }

    // Groups of hundreds, each with a smaller scale than the one before: three million two hundred thousand and five.
    private static ExactNumber? Sum(List<NumberToken> tokens, ref int at, bool hasArticle)
    {
        ExactNumber total = ExactNumber.Zero;
        bool certain = true;
        int last = int.MaxValue;
        for (int next = at; ;)
        {
            int? group = hasArticle && last == int.MaxValue ? Article(tokens, ref next) : Group(tokens, ref next, ref certain);
            if (group is not { } value)
            {
                return certain ? total : null;
            }

            int power = next < tokens.Count && tokens[next].Kind == NumberTokenKind.Word && Scales.TryGetValue(tokens[next].Text, out int own) ? own : 0;
            next += power > 0 ? 1 : 0;
            certain &= power < last && ExactNumber.Of(value) < ExactNumber.PowerOfTen(Math.Min(last, 30));
            total += ExactNumber.Of(value) * ExactNumber.PowerOfTen(power);
            (at, last) = (next, power);
            if (power == 0)
            {
                return certain ? total : null;
            }

            next = IsWord(tokens, next, "and") ? next + 1 : next;
        }
    }

    // "a hundred", "a thousand".
    private static int? Article(List<NumberToken> tokens, ref int at)
    {
        at++;
        if (!IsWord(tokens, at, "hundred"))
        {
            return 1;
        }

        at++;
        int next = IsWord(tokens, at, "and") ? at + 1 : at;
        int? rest = BelowHundred(tokens, ref next);
        at = rest is null ? at : next;
        return 100 + (rest ?? 0);
    }

    private static int? Group(List<NumberToken> tokens, ref int at, ref bool certain)
    {
        if (BelowHundred(tokens, ref at) is not { } value)
        {
            return null;
        }

        if (!IsWord(tokens, at, "hundred"))
        {
            return value;
        }

        at++;
        certain &= value > 0;
        int next = IsWord(tokens, at, "and") ? at + 1 : at;
        if (BelowHundred(tokens, ref next) is { } rest)
        {
            // "two hundred and five hundred" are two.
            certain &= !IsWord(tokens, next, "hundred");
            at = next;
            return (value * 100) + rest;
        }

        return value * 100;
    }

    private static int? BelowHundred(List<NumberToken> tokens, ref int at)
    {
        if (at >= tokens.Count || tokens[at].Kind != NumberTokenKind.Word)
        {
            return null;
        }

        if (Small.TryGetValue(tokens[at].Text, out int small))
        {
            at++;
            return small;
        }

        if (!Tens.TryGetValue(tokens[at].Text, out int tens))
        {
            return null;
        }

        at++;
        int next = at < tokens.Count && tokens[at].Is('-') ? at + 1 : at;
        if (next < tokens.Count && tokens[next].Kind == NumberTokenKind.Word && Small.TryGetValue(tokens[next].Text, out int unit) && unit is > 0 and < 10)
        {
            at = next + 1;
            return tens + unit;
        }

        return tens;
    }

    // two thirds, one half, three-quarters; "five thirds" too. "two third" is neither.
    private static ExactNumber? Fraction(List<NumberToken> tokens, int start, ExactNumber? above, ref int at)
    {
        int next = at < tokens.Count && tokens[at].Is('-') ? at + 1 : at;
        if (next >= tokens.Count || tokens[next].Kind != NumberTokenKind.Word)
        {
            return above;
        }

        string word = tokens[next].Text;
        bool isPlural = word.EndsWith('s') || word.Equals("halves", StringComparison.OrdinalIgnoreCase);
        string part = word.Equals("halves", StringComparison.OrdinalIgnoreCase) ? "half" : isPlural ? word[..^1] : word;
        bool isOne = above is { } value && value.Equals(ExactNumber.One) && next - start <= 2;
        if (!Parts.TryGetValue(part, out int below) || (!isPlural && !isOne))
        {
            return above;
        }

        at = next + 1;
        return above is { } number && isPlural != isOne ? number * ExactNumber.Of(1, below) : null;
    }

    private static ExactNumber? Decimals(List<NumberToken> tokens, ExactNumber whole, ref int at)
    {
        int next = at + 1;
        int places = 0;
        ExactNumber digits = ExactNumber.Zero;
        while (next < tokens.Count && places < 20 && tokens[next].Kind == NumberTokenKind.Word && Small.TryGetValue(tokens[next].Text, out int digit) && digit < 10)
        {
            digits = (digits * ExactNumber.Of(10)) + ExactNumber.Of(digit);
            (next, places) = (next + 1, places + 1);
        }

        at = next;
        return places == 0 ? null : whole + (digits * (ExactNumber.Power(ExactNumber.Of(10), ExactNumber.Of(-places)) ?? ExactNumber.Zero));
    }

    // The power of ten of a scale word; 0 for a dozen, -1 for none.
    private static int ScaleAt(List<NumberToken> tokens, int at) =>
        at >= tokens.Count || tokens[at].Kind != NumberTokenKind.Word ? -1
        : Scales.TryGetValue(tokens[at].Text, out int power) ? power
        : tokens[at].IsWord("hundred") ? 2
        : tokens[at].IsWord("dozen") ? 0
        : -1;

    private static bool IsNumeral(string word) => Small.ContainsKey(word) || Tens.ContainsKey(word) || Scales.ContainsKey(word) || word.Equals("hundred", StringComparison.OrdinalIgnoreCase);

    private static bool IsWord(List<NumberToken> tokens, int at, string word) => at < tokens.Count && tokens[at].IsWord(word);

    // "two-step", "one-way".
    private static bool IsAdjective(List<NumberToken> tokens, int at) => at > 0 && at + 1 < tokens.Count && tokens[at].Is('-') && tokens[at].Start == tokens[at - 1].End
        && tokens[at + 1].Kind == NumberTokenKind.Word && tokens[at + 1].Start == tokens[at].End && !IsNumeral(tokens[at + 1].Text) && !Ordinals.Contains(tokens[at + 1].Text) && !tokens[at + 1].IsWord("second");

    /// <summary>Says whether nothing is said of a number but itself: "one" and 하나 are pronouns more often.</summary>
    public static bool StandsAlone(List<NumberToken> tokens, int start, int end)
    {
        bool opens = start == 0 || tokens[start - 1].Kind is NumberTokenKind.Break or NumberTokenKind.Symbol || tokens[start - 1].Text.ToUpperInvariant() is "IS" or "ARE" or "WAS" or "EQUALS" or "BE" or "EXACTLY" or "ONLY" or "JUST" or "정답은" or "답은";
        return opens && (end >= tokens.Count || tokens[end].Kind is NumberTokenKind.Break or NumberTokenKind.Symbol);
    }
}
