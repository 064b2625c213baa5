namespace Ensemble;

/// <summary>Cuts a text into numbers, words, commands and symbols, in one pass.</summary>
internal static class NumberLexer
{
    private const string Scales = "십백천만억조경十百千万萬亿億兆";

    // Words that begin with a power of ten and are none: a piece, a condition, an angel, "about as much as".
    private static readonly string[] NoScales = ["조각", "조건", "조항", "조합", "조직", "조금", "조만", "천사", "천막", "천재", "천천", "만큼", "만남", "만약", "만점", "만족", "만일", "백화", "백신", "십자", "억지", "경우", "경기", "경로"];

    private static readonly Dictionary<char, (int Above, int Below)> Vulgars = new()
    {
        ['½'] = (1, 2),
        ['⅓'] = (1, 3),
        ['⅔'] = (2, 3),
        ['¼'] = (1, 4),
        ['¾'] = (3, 4),
        ['⅕'] = (1, 5),
        ['⅖'] = (2, 5),
        ['⅗'] = (3, 5),
        ['⅘'] = (4, 5),
        ['⅙'] = (1, 6),
        ['⅚'] = (5, 6),
        ['⅐'] = (1, 7),
        ['⅛'] = (1, 8),
        ['⅜'] = (3, 8),
        ['⅝'] = (5, 8),
        ['⅞'] = (7, 8),
        ['⅑'] = (1, 9),
        ['⅒'] = (1, 10),
    };

    /// <param name="text">Text as <see cref="NumberText.Fold(string)"/> writes it.</param>
    public static List<NumberToken> Read(string text)
    {
        List<NumberToken> tokens = [];
        int at = 0;
        while (at < text.Length)
        {
            char c = text[at];
            if (c is '\n' or '\r')
            {
                tokens.Add(new(NumberTokenKind.Break, at, ++at, "\n"));
            }
            else if (char.IsWhiteSpace(c))
            {
                at++;
            }
            else if (char.IsAsciiDigit(c) || (c == '.' && IsLeadingPoint(text, at)))
            {
                (int end, ExactNumber? value, bool comma) = DigitRun.Read(text, at);
                tokens.Add(new(NumberTokenKind.Number, at, end, text[at..end], value) { HasDecimalComma = comma });
                at = end;
            }
            else if (Vulgars.TryGetValue(c, out (int Above, int Below) part))
            {
                tokens.Add(new(NumberTokenKind.Vulgar, at, ++at, c.ToString(), ExactNumber.Of(part.Above, part.Below)));
            }
            else if (Raised(c) != '\0')
            {
                at = ReadRaised(text, at, tokens);
            }
            else if (char.IsLetter(c) || char.IsSurrogate(c))
            {
                at = ReadWord(text, at, tokens);
            }
            else if (c == '\\' && at + 1 < text.Length && char.IsAsciiLetter(text[at + 1]))
            {
                int end = at + 1;
                while (end < text.Length && char.IsAsciiLetter(text[end]))
                {
                    end++;
                }

                tokens.Add(new(NumberTokenKind.Command, at, end, text[(at + 1)..end]));
                at = end;
            }
            else
            {
                tokens.Add(new(NumberTokenKind.Symbol, at, ++at, c.ToString()));
            }
        }

        return tokens;
    }

    // .5 is a half; in "fig.5" and "..5" the point belongs to what is before it.
    private static bool IsLeadingPoint(string text, int at) =>
        at + 1 < text.Length && char.IsAsciiDigit(text[at + 1]) && (at == 0 || !(char.IsLetterOrDigit(text[at - 1]) || text[at - 1] == '.'));

    private static char Raised(char c) => c switch
    {
        '⁰' => '0',
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        >= '⁴' and <= '⁹' => (char)('4' + (c - '⁴')),
        '⁻' => '-',
        '⁺' => '+',
        _ => '\0',
    };

    private static int ReadRaised(string text, int at, List<NumberToken> tokens)
    {
        int end = at;
        while (end < text.Length && Raised(text[end]) != '\0')
        {
            end++;
        }

        string plain = string.Concat(text[at..end].Select(Raised));
        tokens.Add(new(NumberTokenKind.Superscript, at, end, plain, ExactNumber.TryParse(plain, out ExactNumber power) ? power : null));
        return end;
    }

    private static int ReadWord(string text, int at, List<NumberToken> tokens)
    {
        bool behindNumber = tokens.Count > 0 && IsNumeric(tokens[^1]) && at - tokens[^1].End <= 1;
        if (behindNumber && EndOfScale(text, at) is var scale && scale > at)
        {
            tokens.Add(new(NumberTokenKind.Scale, at, scale, text[at..scale]));
            return scale;
        }

        int script = Script(text[at]);
        int end = at + 1;
        while (end < text.Length && IsInside(text, end, script))
        {
            end++;
        }

        // A name with digits in it says no number: H2O, GPT-4, x_1. But USD5 does, and so does 1h30.
        bool isName = script == 0 && end < text.Length && !(tokens.Count > 0 && tokens[^1].Kind == NumberTokenKind.Number && tokens[^1].End == at)
            && !(UnitTable.IsCurrencyCode(text[at..end]) && IsSum(text, end))
            && (char.IsAsciiDigit(text[end]) || (text[end] is '-' or '_' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1])));
        while (isName && end < text.Length && (char.IsLetterOrDigit(text[end]) || (text[end] is '-' or '_' or '.' && end + 1 < text.Length && char.IsLetterOrDigit(text[end + 1]))))
        {
            end++;
        }

        tokens.Add(new(NumberTokenKind.Word, at, end, text[at..end]));
        return end;
    }

    /// <summary>Says whether a word multiplies the number before it, wherever it stands.</summary>
    public static bool BeginsWithScale(string word) => EndOfScale(word, 0) > 0;

    private static bool IsNumeric(NumberToken token) => token.Kind is NumberTokenKind.Number or NumberTokenKind.Vulgar or NumberTokenKind.Scale;

    // USD5 and USD5k, not the name USD6AJ.
    private static bool IsSum(string text, int at)
    {
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] is '.' or ',' or '-'))
        {
            at++;
        }

        return at + 1 >= text.Length || !char.IsAsciiLetter(text[at]) || !char.IsAsciiLetterOrDigit(text[at + 1]);
    }

    private static int EndOfScale(string text, int at)
    {
        int end = at;
        while (end < text.Length && Scales.Contains(text[end], StringComparison.Ordinal) && !Array.Exists(NoScales, word => text.AsSpan(end).StartsWith(word, StringComparison.Ordinal)))
        {
            end++;
        }

        return end;
    }

    private static int Script(char c) => NumberText.IsHangul(c) ? 1 : NumberText.IsHan(c) ? 2 : 0;

    // An apostrophe inside a word belongs to it: isn't.
    private static bool IsInside(string text, int at, int script)
    {
        char c = text[at];
        return char.IsLetter(c) || char.IsSurrogate(c) ? Script(c) == script
            : char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark
            || (c == '\'' && script == 0 && at + 1 < text.Length && char.IsLetter(text[at + 1]) && Script(text[at + 1]) == 0);
    }
}
