using System.Text.RegularExpressions;

namespace Ensemble;

/// <summary>Reads numbers as people and models write them: groups, fractions, powers of ten, LaTeX, scale words.</summary>
internal static partial class NumberReader
{
    /// <summary>Reads the first number of a text, and what stands right after it.</summary>
    public static (ExactNumber Number, string Tail)? First(string text)
    {
        string plain = Plain(text);
        return Read(Pattern().Match(plain), plain);
    }

    /// <summary>Reads the last number of a text, and what stands right after it.</summary>
    public static (ExactNumber Number, string Tail)? Last(string text)
    {
        string plain = Plain(text);
        Match? last = null;
        for (Match match = Pattern().Match(plain); match.Success; match = match.NextMatch())
        {
            last = match;
        }

        return last is null ? null : Read(last, plain);
    }

    private static (ExactNumber Number, string Tail)? Read(Match match, string text)
    {
        if (!match.Success || Value(match) is not { } value)
        {
            return null;
        }

        string tail = text[(match.Index + match.Length)..];
        foreach ((string word, int power) in Scales)
        {
            if (IsScale(tail, word))
            {
                value *= ExactNumber.PowerOfTen(power);
                tail = tail[(tail.IndexOf(word, StringComparison.OrdinalIgnoreCase) + word.Length)..];
                break;
            }
        }

        return (match.Groups["sign"].Value is "-" or "−" ? -value : value, tail);
    }

    private static ExactNumber? Value(Match match)
    {
        if (!ExactNumber.TryParse(match.Groups["a"].Value, out ExactNumber value))
        {
            return null;
        }

        if (match.Groups["power"] is { Success: true } power)
        {
            return ExactNumber.TryParse($"1e{power.Value.Replace('−', '-')}", out ExactNumber factor) ? value * factor : null;
        }

        if (match.Groups["b"] is not { Success: true } denominator)
        {
            return value;
        }

        if (!ExactNumber.TryParse(denominator.Value, out ExactNumber below))
        {
            return null;
        }

        if (match.Groups["n"] is not { Success: true } numerator)
        {
            return ExactNumber.Divide(value, below);
        }

        // A mixed number: 1 1/2.
        return ExactNumber.TryParse(numerator.Value, out ExactNumber above) && ExactNumber.Divide(above, below) is { } part ? value + part : null;
    }

    private static readonly (string Word, int Power)[] Scales =
    [
        ("thousand", 3), ("million", 6), ("billion", 9), ("trillion", 12), ("천", 3), ("만", 4), ("억", 8), ("조", 12), ("k", 3), ("M", 6), ("B", 9),
    ];

    // "5 k" and "5 m" could be anything; as letters they scale only right at the number, and m is a metre.
    private static bool IsScale(string tail, string word)
    {
        bool letter = word.Length == 1 && char.IsAscii(word[0]);
        string text = letter ? tail : tail.TrimStart(' ');
        return text.StartsWith(word, letter && word != "k" ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase)
            && (!char.IsAscii(word[0]) || text.Length == word.Length || !char.IsLetterOrDigit(text[word.Length]));
    }

    // LaTeX and typography become what the pattern reads.
    private static string Plain(string text)
    {
        if (text.AsSpan().IndexOfAny("\\{×·") < 0)
        {
            return text;
        }

        string plain = Fraction().Replace(text, "($1)/($2)").Replace("{,}", ",", StringComparison.Ordinal).Replace(@"\,", "", StringComparison.Ordinal);
        plain = Simple().Replace(plain, "$1/$2");
        return TimesTen().Replace(plain, "e$1");
    }

    [GeneratedRegex(@"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Fraction();

    [GeneratedRegex(@"\(\s*(-?[0-9][0-9.,]*)\s*\)/\(\s*([0-9][0-9.,]*)\s*\)", RegexOptions.CultureInvariant)]
    private static partial Regex Simple();

    [GeneratedRegex(@"\s*(?:×|·|\\times|\\cdot)\s*10\s*\^\s*\{?\s*([-−+]?[0-9]+)\s*\}?", RegexOptions.CultureInvariant)]
    private static partial Regex TimesTen();

    // Groups of three after a comma, or plain digits; a sign only where no word, digit or bracket stands before it; never a piece of 1.2.3.
    [GeneratedRegex(
        """
        (?:(?<![\w)\]])(?<sign>[-−+])\$?)?(?<![\w.])
        (?>(?<a>(?>[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?))(?!\.[0-9])
        (?:[eE](?<power>[-−+]?[0-9]+)(?!\w)
         |[ ]+(?<n>[0-9]+)/(?<b>[0-9]+)(?![\w/])(?!\.[0-9])
         |[ ]?/[ ]?(?<b>(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?)(?![\w/])(?!\.[0-9]))?
        """,
        RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Pattern();
}
