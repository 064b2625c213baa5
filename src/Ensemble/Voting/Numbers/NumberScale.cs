namespace Ensemble;

/// <summary>Reads words for powers of ten: 3 million, 12k, 3억 5천만.</summary>
internal static class NumberScale
{
    private static readonly Dictionary<string, int> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["hundred"] = 2,
        ["thousand"] = 3,
        ["lakh"] = 5,
        ["million"] = 6,
        ["millions"] = 6,
        ["crore"] = 7,
        ["billion"] = 9,
        ["billions"] = 9,
        ["trillion"] = 12,
        ["trillions"] = 12,
        ["quadrillion"] = 15,
        ["mn"] = 6,
        ["mln"] = 6,
        ["bn"] = 9,
        ["tn"] = 12,
        ["trn"] = 12,
    };

    // Only right at the number: 5 k and 5 m could be anything, and m is a metre.
    private static readonly Dictionary<string, int> Letters = new(StringComparer.Ordinal) { ["k"] = 3, ["K"] = 3, ["M"] = 6, ["B"] = 9 };

    private static readonly Dictionary<char, int> Powers = new()
    {
        ['십'] = 1,
        ['백'] = 2,
        ['천'] = 3,
        ['만'] = 4,
        ['억'] = 8,
        ['조'] = 12,
        ['경'] = 16,
        ['十'] = 1,
        ['百'] = 2,
        ['千'] = 3,
        ['万'] = 4,
        ['萬'] = 4,
        ['亿'] = 8,
        ['億'] = 8,
        ['兆'] = 12,
    };

    public static ExactNumber? Read(List<NumberToken> tokens, ExactNumber? value, ref int at) =>
        at < tokens.Count && tokens[at].Kind == NumberTokenKind.Scale ? Composed(tokens, value, ref at) : Worded(tokens, value, ref at);

    // 2 hundred thousand; 1 million 200 thousand, each part below the scale before it.
    private static ExactNumber? Worded(List<NumberToken> tokens, ExactNumber? value, ref int at)
    {
        int power = Power(tokens, ref at);
        if (power == 0 || value is not { } first)
        {
            return value;
        }

        ExactNumber sum = first * ExactNumber.PowerOfTen(Math.Min(power, ExactNumber.MaximumDigits));
        while (at + 1 < tokens.Count && (tokens[at].IsWord("and") ? at + 1 : at) is var part && tokens[part] is { Kind: NumberTokenKind.Number, Value: { } more })
        {
            int next = part + 1;
            int below = Power(tokens, ref next);
            ExactNumber added = more * ExactNumber.PowerOfTen(Math.Min(below, ExactNumber.MaximumDigits));
            if (below == 0 || below >= power || !(added < ExactNumber.PowerOfTen(Math.Min(power, ExactNumber.MaximumDigits))))
            {
                break;
            }

            (sum, power, at) = (sum + added, below, next);
        }

        return sum;
    }

    private static int Power(List<NumberToken> tokens, ref int at)
    {
        int power = 0;
        while (at < tokens.Count && tokens[at].Kind == NumberTokenKind.Word
            && (Words.TryGetValue(tokens[at].Text, out int own) || (power == 0 && tokens[at].Start == tokens[at - 1].End && Letters.TryGetValue(tokens[at].Text, out own))))
        {
            power += own;
            at++;
        }

        return power;
    }

    // Thousands, hundreds and tens add up to what the next 만, 억 or 조 multiplies; both go down.
    private static ExactNumber? Composed(List<NumberToken> tokens, ExactNumber? value, ref int at)
    {
        ExactNumber total = ExactNumber.Zero;
        ExactNumber section = ExactNumber.Zero;
        ExactNumber? current = value;
        bool certain = value is not null;
        int small = 4;
        int large = int.MaxValue;
        int last = 0;
        while (at < tokens.Count)
        {
            if (tokens[at].Kind == NumberTokenKind.Scale)
            {
                foreach (char c in tokens[at].Text)
                {
                    last = Powers[c];
                    if (last < 4)
                    {
                        certain &= last < small;
                        section += (current ?? ExactNumber.One) * ExactNumber.PowerOfTen(last);
                        small = last;
                    }
                    else
                    {
                        section += current ?? ExactNumber.Zero;
                        certain &= last < large && section.Sign > 0;
                        total += section * ExactNumber.PowerOfTen(last);
                        (section, large, small) = (ExactNumber.Zero, last, 4);
                    }

                    current = null;
                }

                at++;
            }
            else if (tokens[at] is { Kind: NumberTokenKind.Number } more && current is null)
            {
                bool goesOn = at + 1 < tokens.Count && tokens[at + 1].Kind == NumberTokenKind.Scale;

                // "3만 5" might leave a word out: a last number must have all digits of its place.
                if (!goesOn && (more.Value is not { IsWhole: true } || more.Text.Count(char.IsAsciiDigit) != Math.Min(last, 4)))
                {
                    certain = false;
                }

                certain &= more.Value is { } part && part < ExactNumber.PowerOfTen(Math.Min(small == 4 ? large == int.MaxValue ? 4 : large : small, 16));
                current = more.Value ?? ExactNumber.Zero;
                at++;
            }
            else
            {
                break;
            }
        }

        return certain ? total + section + (current ?? ExactNumber.Zero) : null;
    }
}
