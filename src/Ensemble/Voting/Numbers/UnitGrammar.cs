namespace Ensemble;

/// <summary>Reads the unit behind a number: a name with its power, and products and quotients of those.</summary>
internal static class UnitGrammar
{
    /// <summary>Reads from the token <paramref name="at"/>; without a unit nothing is consumed, and one that cannot be meant is <see langword="null"/>.</summary>
    public static (Unit? Unit, int Next, bool IsKnown) Read(List<NumberToken> tokens, int at)
    {
        // "5-year", "5 {km}" and "**5** km".
        int start = BehindMarkup(tokens, at) is > 0 and var behind ? behind : at < tokens.Count && at > 0 && tokens[at].Is('-') && IsWordAt(tokens, at + 1) && tokens[at].Start == tokens[at - 1].End && tokens[at + 1].Start == tokens[at].End
            || (at < tokens.Count && tokens[at].Is('{')) ? at + 1 : at;
        if (IsWordAt(tokens, start) && NumberLexer.BeginsWithScale(tokens[start].Text))
        {
            // "5-천" may be a number in two pieces.
            return (null, at, false);
        }

        if (IsWordAt(tokens, start) && UnitTable.Stem(tokens[start].Text) is "할" or "푼")
        {
            // Tenths and hundredths of a whole: 5할 is no five.
            return (null, at, false);
        }

        if (Factor(tokens, start, isFirst: true) is not { } first)
        {
            return (Unit.None, at, true);
        }

        return Unit.None.Times(first.Unit, first.Power) is { } unit && Rest(tokens, unit, first.Next, first.IsKnown) is { } rest ? rest : (null, at, true);
    }

    /// <summary>Reads what follows a sum whose currency stands before it: the currency once more, or what it is paid for.</summary>
    public static (Unit Unit, int Next)? Behind(List<NumberToken> tokens, int at, Unit currency)
    {
        int next = Factor(tokens, at, isFirst: true) is { Power: 1 } twice && twice.Unit.HasDimensionOf(currency) ? twice.Next : at;
        return Rest(tokens, currency, next, isKnown: true) is { } rest && rest.Next > at ? (rest.Unit, rest.Next) : null;
    }

    private static (Unit Unit, int Next, bool IsKnown)? Rest(List<NumberToken> tokens, Unit start, int next, bool isKnown)
    {
        Unit? unit = start;
        // An unknown name is divided by, never multiplied: a product would not be told from two words.
        while (unit is not null && Operator(tokens, next, out int sign) is var behind and >= 0 && (isKnown || sign < 0) && Factor(tokens, behind, isFirst: false) is { } factor)
        {
            unit = unit.Times(factor.Unit, sign * factor.Power);
            (next, isKnown) = (factor.Next, isKnown && factor.IsKnown);
        }

        // "5 kW h" may be a product and may be a slip: neither is 5 kW.
        bool isUnclear = isKnown && !ReferenceEquals(unit, Unit.None) && IsWordAt(tokens, next) && !NumberText.IsHangul(tokens[next].Text[0]) && UnitTable.Find(tokens[next].Text) is not null;
        return unit is null || isUnclear ? null : (unit, next, isKnown);
    }

    // Stars, back-quotes and a dollar sign that end at the number, with a word behind them.
    private static int BehindMarkup(List<NumberToken> tokens, int at)
    {
        int next = at;
        while (next < tokens.Count && tokens[next].IsAny("*_`$") && tokens[next].Start == tokens[next - 1].End)
        {
            next++;
        }

        return next > at && IsWordAt(tokens, next) && tokens[next].Start > tokens[next - 1].End && !(tokens[next].IsVariable && UnitTable.Find(tokens[next].Text) is null)
            && (tokens[at].IsAny("_`$") || next - at > 1) ? next : 0;
    }

    private static bool IsSignAt(List<NumberToken> tokens, int at) => at < tokens.Count && tokens[at].Kind == NumberTokenKind.Symbol && UnitTable.Sign(tokens[at].Text[0]) is not null;

    private static bool IsWordAt(List<NumberToken> tokens, int at) => at < tokens.Count && tokens[at].Kind == NumberTokenKind.Word;

    private static int Operator(List<NumberToken> tokens, int at, out int sign)
    {
        sign = 1;
        if (at >= tokens.Count)
        {
            return -1;
        }

        // "5 km an hour".
        bool isEach = (tokens[at].IsWord("a") || tokens[at].IsWord("an") || tokens[at].IsWord("each") || tokens[at].IsWord("every")) && at + 1 < tokens.Count && UnitTable.IsTime(tokens[at + 1]);
        if (isEach || tokens[at].Is('/') || tokens[at].IsWord("per"))
        {
            sign = -1;
            return IsWordAt(tokens, at + 1) || IsSignAt(tokens, at + 1) || (at + 1 < tokens.Count && tokens[at + 1].Is('{')) ? at + 1 : -1;
        }

        if (tokens[at].IsAny("·*") || (tokens[at].Kind == NumberTokenKind.Command && tokens[at].Text == "cdot"))
        {
            return (IsWordAt(tokens, at + 1) && UnitTable.Find(tokens[at + 1].Text) is not null) || IsSignAt(tokens, at + 1) ? at + 1 : -1;
        }

        // "m s^-1": side by side only where a power shows that it is meant.
        return IsWordAt(tokens, at) && at + 1 < tokens.Count && UnitTable.Find(tokens[at].Text) is not null
            && (tokens[at + 1].Kind == NumberTokenKind.Superscript || tokens[at + 1].Is('^')) ? at : -1;
    }

    private static (Unit Unit, int Power, int Next, bool IsKnown)? Factor(List<NumberToken> tokens, int at, bool isFirst)
    {
        at += at < tokens.Count && tokens[at].Is('{') ? 1 : 0;
        if (at >= tokens.Count)
        {
            return null;
        }

        int power = IsWordAt(tokens, at) && IsWordAt(tokens, at + 1) ? Spoken(tokens[at].Text) : 1;
        at += power == 1 ? 0 : 1;
        if (Name(tokens, at, isFirst) is not { } name)
        {
            return null;
        }

        int next = name.Next;
        if (next + 1 < tokens.Count && tokens[next].Is('}') && (tokens[next + 1].Is('^') || tokens[next + 1].Is('/')))
        {
            next++;
        }

        if (next < tokens.Count && tokens[next] is { Kind: NumberTokenKind.Superscript, Value: { } raised } && raised.IsWhole)
        {
            return (name.Unit, power * Small(raised), next + 1, name.IsKnown);
        }

        return Exponent(tokens, next) is { } exponent ? (name.Unit, power * exponent.Power, exponent.Next, name.IsKnown) : (name.Unit, power, next, name.IsKnown);
    }

    private static int Spoken(string word) => word.ToUpperInvariant() switch { "SQUARE" or "SQ" => 2, "CUBIC" => 3, _ => 1 };

    private static (Unit Unit, int Next, bool IsKnown)? Name(List<NumberToken> tokens, int at, bool isFirst)
    {
        NumberToken token = tokens[at];
        bool adjacent = at + 1 < tokens.Count && tokens[at + 1].Start == token.End;
        if (token.Is('°') && adjacent && tokens[at + 1].Kind == NumberTokenKind.Word && tokens[at + 1].Text is "C" or "F" or "K")
        {
            return (UnitTable.Find(tokens[at + 1].Text is "K" ? "K" : "°" + tokens[at + 1].Text)!, at + 2, true);
        }

        if (token.Kind == NumberTokenKind.Symbol)
        {
            // A pair of dollar signs is LaTeX.
            bool closes = token.Is('$') && isFirst && ClosesLatex(tokens, at);
            return closes || UnitTable.Sign(token.Text[0]) is not { } sign ? null : (sign, at + 1, true);
        }

        if (token.Kind == NumberTokenKind.Word)
        {
            // "kilowatt-hours" and "kilowatt hours".
            int second = adjacent && tokens[at + 1].Is('-') ? at + 2 : at + 1;
            if (IsWordAt(tokens, second) && UnitTable.FindPhrase(token.Text, tokens[second].Text) is { } pair)
            {
                return (pair, second + 1, true);
            }

            // "5 HK$" are no US dollars.
            if (adjacent && UnitTable.IsCurrencySign(tokens[at + 1]) && token.Text.Length <= 3 && token.Text.All(char.IsAsciiLetterUpper))
            {
                return (UnitTable.Dollar(token.Text, tokens[at + 1].Text[0]), at + 2, true);
            }

            // Degrees are written to the number; elsewhere the syllable is "also".
            if (isFirst && at > 0 && tokens[at - 1].End == token.Start && UnitTable.IsDegree(token.Text))
            {
                return (UnitTable.Sign('°')!, at + 1, true);
            }
        }

        if (token.Kind != NumberTokenKind.Word || UnitTable.IsNoUnit(token.Text) || NumberLexer.BeginsWithScale(token.Text))
        {
            return null;
        }

        if ((token.IsWord("degrees") || token.IsWord("degree")) && IsWordAt(tokens, at + 1) && (UnitTable.Find("°" + tokens[at + 1].Text) ?? UnitTable.Find(tokens[at + 1].Text)) is { } scale && scale.HasDimensionOf(Unit.Named("°C")))
        {
            return (scale, at + 2, true);
        }

        string word = UnitTable.Stem(token.Text);
        if (UnitTable.IsNoUnit(word))
        {
            return null;
        }

        if (UnitTable.Find(word) is { } known)
        {
            return (known, at + 1, true);
        }

        // m2 and cm3 are powers.
        if (word.Length > 1 && word[^1] is '2' or '3' && UnitTable.Find(word[..^1]) is { } side && (side.HasDimensionOf(Unit.Named("m")) || (!isFirst && word[..^1] == "s")) && Unit.None.Times(side, word[^1] - '0') is { } power)
        {
            return (power, at + 1, true);
        }

        // One unknown letter is a variable, and a name with digits is no unit.
        return token.IsVariable || word.Any(char.IsAsciiDigit) ? null : (UnitTable.ByName(word), at + 1, false);
    }

    // An odd dollar sign before it in the line is still open.
    private static bool ClosesLatex(List<NumberToken> tokens, int at)
    {
        bool isOpen = false;
        for (int i = at - 1; i >= 0 && at - i < 48 && tokens[i].Kind != NumberTokenKind.Break; i--)
        {
            isOpen ^= tokens[i].Is('$');
        }

        return isOpen;
    }

    private static (int Power, int Next)? Exponent(List<NumberToken> tokens, int at)
    {
        if (at >= tokens.Count || !tokens[at].Is('^'))
        {
            return null;
        }

        int next = at + 1;
        bool braced = next < tokens.Count && tokens[next].Is('{');
        next += braced ? 1 : 0;
        bool negative = next < tokens.Count && tokens[next].Is('-');
        next += negative ? 1 : 0;
        if (next >= tokens.Count || tokens[next] is not { Kind: NumberTokenKind.Number, Value: { IsWhole: true } value })
        {
            return null;
        }

        next += braced ? 2 : 1;
        return (negative ? -Small(value) : Small(value), Math.Min(next, tokens.Count));
    }

    // Beyond any unit; the product then refuses it.
    private static int Small(ExactNumber number) => Math.Abs(number.Value) < 10 ? (int)number.Value : 99;
}
