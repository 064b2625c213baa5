namespace Ensemble;

/// <summary>
/// Reads a number expression: <c>[sign] [currency] primary [power] ['/' primary] ['×' 10^n] {scale} [unit]</c>, where a primary is digits, a mixed number or a LaTeX fraction.
/// It never computes what is only an expression: 2 + 3 is no number here (<see cref="NumberContext"/> refuses it).
/// </summary>
internal sealed class NumberGrammar(List<NumberToken> tokens)
{
    // Fractions in fractions: nobody answers deeper, and the stack ends somewhere.
    private const int MaximumDepth = 8;

    private bool _isKoreanFraction;

    /// <summary>Gets whether a number may begin at the token.</summary>
    public bool Begins(int at) =>
        tokens[at].Kind is NumberTokenKind.Number or NumberTokenKind.Vulgar || (tokens[at].Kind == NumberTokenKind.Command && tokens[at].Text is "frac" or "dfrac" or "tfrac" or "cfrac");

    /// <summary>Reads the number that begins at the token, and looks back for its sign and currency.</summary>
    public NumberPhrase Read(int at, int earliest)
    {
        _isKoreanFraction = false;
        int next = at;
        ExactNumber? value = Primary(ref next, 0);
        value = Power(value, ref next);
        value = Quotient(value, ref next);
        value = TimesPowerOfTen(value, ref next);
        value = NumberScale.Read(tokens, value, ref next);
        value = Dozens(value, ref next);

        int start = Before(at, earliest, out bool negative, out Unit? currency);
        if (next == at)
        {
            // A fraction that could not be read.
            return new() { Start = start, NumberEnd = at + 1, End = at + 1 };
        }

        (Unit? unit, int end, bool known) = currency is null ? UnitGrammar.Read(tokens, next) : (currency, next, true);

        // "$5 USD" and "$5 dollars" say it twice, "$5 per hour" goes on; "$5 apples" is money still.
        if (currency is not null && UnitGrammar.Behind(tokens, next, currency) is { } longer)
        {
            (unit, end) = longer;
        }

        value = unit is null ? null : negative && value is { } positive ? -positive : value;
        return new()
        {
            Start = start,
            NumberEnd = next,
            End = end,
            Number = value,
            Unit = unit ?? Unit.None,
            HasKnownUnit = known,
            Total = value is { } number ? unit!.ToBase(number) : null,
            IsKoreanFraction = _isKoreanFraction,
            IsSpelled = tokens[at].IsSpelled,
            HasDecimalComma = tokens[at].HasDecimalComma,
        };
    }

    private int Before(int at, int earliest, out bool negative, out Unit? currency)
    {
        int start = at;
        currency = Currency(ref start, earliest);
        negative = false;
        if (start > earliest && tokens[start - 1].IsAny("-+") && tokens[start - 1].End == tokens[start].Start && !IsOperand(start - 2, earliest))
        {
            negative = tokens[start - 1].Is('-');
            start--;
            currency ??= Currency(ref start, earliest);
        }
        else if (start > earliest && tokens[start - 1] is { Kind: NumberTokenKind.Word } word && !IsOperand(start - 2, earliest) && word.Text.ToUpperInvariant() is "MINUS" or "NEGATIVE" or "마이너스" or "영하")
        {
            negative = true;
            start--;
        }

        return start;
    }

    private Unit? Currency(ref int start, int earliest)
    {
        if (start > earliest && UnitTable.IsCurrencySign(tokens[start - 1]) && tokens[start].Start - tokens[start - 1].End <= 1 && !(tokens[start - 1].Is('$') && (ClosesLatex(start) || (tokens[start - 1].End < tokens[start].Start && IsSpacedLatex(start)))))
        {
            start--;
            Unit unit = UnitTable.Sign(tokens[start].Text[0])!;
            if (start > earliest && tokens[start - 1].Kind == NumberTokenKind.Word && tokens[start - 1].End == tokens[start].Start
                && tokens[start - 1].Text is { Length: <= 3 } country && country.All(char.IsAsciiLetterUpper))
            {
                start--;
                return UnitTable.Dollar(tokens[start].Text, tokens[start + 1].Text[0]);
            }

            return unit;
        }

        if (start > earliest && tokens[start - 1].Kind == NumberTokenKind.Word && UnitTable.IsCurrencyCode(tokens[start - 1].Text))
        {
            start--;
            return UnitTable.Find(tokens[start].Text) ?? Unit.Named(tokens[start].Text);
        }

        return null;
    }

    // "$ x = 5 $" and "2$ 5": another dollar sign in the line, or something that touches this one.
    private bool IsSpacedLatex(int at)
    {
        for (int i = at; i < tokens.Count && i < at + 48 && tokens[i].Kind != NumberTokenKind.Break; i++)
        {
            if (tokens[i].Is('$'))
            {
                return true;
            }
        }

        return at > 1 && tokens[at - 2].End == tokens[at - 1].Start && !(tokens[at - 2].Kind == NumberTokenKind.Word && tokens[at - 2].Text.All(char.IsAsciiLetterUpper)) && !tokens[at - 2].IsAny("*:(-");
    }

    // $5$ and $\frac{1}{2}$ are mathematics, not money: a dollar sign follows within the same line, before any word.
    private bool ClosesLatex(int at)
    {
        // $5 \text{ km}$: words in braces are mathematics, too.
        int depth = 0;
        for (int i = at; i < tokens.Count && i < at + 24 && (tokens[i].Kind is not (NumberTokenKind.Break or NumberTokenKind.Word) || (depth > 0 && tokens[i].Kind == NumberTokenKind.Word)); i++)
        {
            depth += tokens[i].Is('{') ? 1 : tokens[i].Is('}') ? -1 : 0;
            if (tokens[i].Is('$'))
            {
                // "$5 $6" are two sums: a closing sign stands right behind.
                return tokens[i].Start == tokens[i - 1].End;
            }
        }

        return false;
    }

    // What stands before a minus so that it subtracts.
    private bool IsOperand(int at, int earliest) => at >= 0 && (at >= earliest || tokens[at].Kind != NumberTokenKind.Break)
        && (tokens[at].Kind is NumberTokenKind.Number or NumberTokenKind.Vulgar or NumberTokenKind.Scale or NumberTokenKind.Superscript || tokens[at].IsVariable || tokens[at].IsAny(")}]%!+-/^"));

    private ExactNumber? Primary(ref int at, int depth)
    {
        NumberToken token = tokens[at];
        switch (token.Kind)
        {
            case NumberTokenKind.Vulgar:
                at++;
                return token.Value;
            case NumberTokenKind.Number:
                at++;
                return Mixed(token, ref at);
            case NumberTokenKind.Command when depth < MaximumDepth && Begins(at):
                return Fraction(ref at, depth);
            default:
                return null;
        }
    }

    private ExactNumber? Mixed(NumberToken whole, ref int at)
    {
        if (At(at) is { Kind: NumberTokenKind.Vulgar } vulgar)
        {
            at++;
            return whole.Value is { IsWhole: true } number ? number + vulgar.Value!.Value : null;
        }

        // 1\frac{1}{2} is a mixed number; anything but a proper fraction might be a factor.
        if (At(at) is { Kind: NumberTokenKind.Command } command && command.Start == whole.End && Begins(at))
        {
            return Fraction(ref at, 0) is { } proper && whole.Value is { IsWhole: true } units && !whole.IsSpelled && proper.Sign > 0 && proper < ExactNumber.One ? units + proper : null;
        }

        // 3분의 2 is two thirds.
        if (At(at) is { } word && word.IsWord("분의") && At(at + 1) is { Kind: NumberTokenKind.Number } numerator)
        {
            at += 2;
            _isKoreanFraction = true;
            return whole.Value is { } below && numerator.Value is { } top ? ExactNumber.Divide(top, below) : null;
        }

        // 1 1/2, 1 and 1/2; the fraction is a proper one, or they are two numbers.
        int part = At(at) is { } joint && joint.IsWord("and") ? at + 1 : at;
        if (At(part) is { Kind: NumberTokenKind.Number } above && At(part + 1) is { } slash && slash.Is('/') && At(part + 2) is { Kind: NumberTokenKind.Number } under && (part > at || above.Start == whole.End + 1))
        {
            bool proper = whole.Value is { IsWhole: true } && above.Value is { IsWhole: true } && under.Value is { IsWhole: true } && above.Value.Value < under.Value.Value;
            if (proper || part == at)
            {
                at = part + 3;
                return proper && ExactNumber.Divide(above.Value!.Value, under.Value!.Value) is { } fraction ? whole.Value!.Value + fraction : null;
            }
        }

        if (At(at) is { } and && and.IsWord("and") && At(at + 1) is { } a && a.IsWord("a") && At(at + 2) is { } half && (half.IsWord("half") || half.IsWord("quarter")))
        {
            at += 3;
            return whole.Value is { } all ? all + ExactNumber.Of(1, half.IsWord("half") ? 2 : 4) : null;
        }

        return whole.Value;
    }

    private ExactNumber? Fraction(ref int at, int depth)
    {
        int next = at + 1;

        // \frac12: two digits are two arguments.
        if (At(next) is { Kind: NumberTokenKind.Number, Text.Length: 2 } pair && char.IsAsciiDigit(pair.Text[0]))
        {
            at = next + 1;
            return ExactNumber.Divide(ExactNumber.Of(pair.Text[0] - '0'), ExactNumber.Of(pair.Text[1] - '0'));
        }

        ExactNumber? above = Group(ref next, depth + 1);
        ExactNumber? below = above is null ? null : Group(ref next, depth + 1);
        if (above is null || below is null)
        {
            return null;
        }

        at = next;
        return ExactNumber.Divide(above.Value, below.Value);
    }

    private ExactNumber? Group(ref int at, int depth)
    {
        if (At(at) is { Kind: NumberTokenKind.Number, Text.Length: 1 } digit)
        {
            at++;
            return digit.Value;
        }

        if (At(at) is not { } open || !open.Is('{'))
        {
            return null;
        }

        int next = at + 1;
        bool negative = At(next) is { } sign && sign.Is('-');
        next += negative || (At(next) is { } plus && plus.Is('+')) ? 1 : 0;
        if (next >= tokens.Count)
        {
            return null;
        }

        ExactNumber? value = Primary(ref next, depth);
        value = Power(value, ref next);
        value = Quotient(value, ref next);
        if (value is null || At(next) is not { } close || !close.Is('}'))
        {
            return null;
        }

        at = next + 1;
        return negative ? -value.Value : value;
    }

    private ExactNumber? Power(ExactNumber? value, ref int at)
    {
        if (At(at) is { Kind: NumberTokenKind.Superscript } raised && raised.Start == tokens[at - 1].End)
        {
            at++;
            return value is { } number && raised.Value is { } exponent ? ExactNumber.Power(number, exponent) : null;
        }

        if (value is null || At(at) is not { } mark || !mark.Is('^'))
        {
            return value;
        }

        int next = at + 1;
        char? close = At(next) is { } open ? open.Is('{') ? '}' : open.Is('(') ? ')' : null : null;
        next += close is null ? 0 : 1;
        bool negative = At(next) is { } sign && sign.Is('-');
        next += negative ? 1 : 0;
        if (At(next) is not { Kind: NumberTokenKind.Number, Value: { } power })
        {
            return null;
        }

        next++;
        if (close is { } end && (At(next) is not { } bracket || !bracket.Is(end)))
        {
            return null;
        }

        at = next + (close is null ? 0 : 1);
        return ExactNumber.Power(value.Value, negative ? -power : power);
    }

    private ExactNumber? Quotient(ExactNumber? value, ref int at)
    {
        if (At(at) is not { } slash || !slash.Is('/'))
        {
            return value;
        }

        int next = at + 1;
        bool negative = At(next) is { } sign && sign.Is('-') && At(next + 1) is { } digit && digit.Start == sign.End;
        next += negative ? 1 : 0;
        if (next >= tokens.Count || tokens[next].Kind != NumberTokenKind.Number)
        {
            return value;
        }

        at = next + 1;
        ExactNumber? quotient = value is { } above && tokens[next].Value is { } below ? ExactNumber.Divide(above, below) : null;
        return negative && quotient is { } positive ? -positive : quotient;
    }

    private ExactNumber? TimesPowerOfTen(ExactNumber? value, ref int at)
    {
        if (At(at) is not { } times || At(at + 1) is not { Kind: NumberTokenKind.Number, Text: "10" } ten
            || !(times.IsAny("×*·") || times.IsWord("x") || times is { Kind: NumberTokenKind.Command, Text: "times" or "cdot" }))
        {
            return value;
        }

        int next = at + 2;
        ExactNumber? power = Power(ten.Value, ref next);
        if (next == at + 2)
        {
            return value;
        }

        at = next;
        return value is { } number && power is { } factor ? number * factor : null;
    }

    private ExactNumber? Dozens(ExactNumber? value, ref int at)
    {
        if (At(at) is not { } word || !(word.IsWord("dozen") || word.IsWord("dozens")))
        {
            return value;
        }

        at++;
        return value is { } number ? number * ExactNumber.Of(12) : null;
    }

    private NumberToken? At(int at) => at >= 0 && at < tokens.Count ? tokens[at] : null;
}
