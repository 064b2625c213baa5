namespace Ensemble;

/// <summary>What a piece of text is to the reader of numbers.</summary>
internal enum NumberTokenKind
{
    /// <summary>Digits with their separators; without a value when the separators could mean two numbers, or none.</summary>
    Number,

    /// <summary>A fraction in one character: ½.</summary>
    Vulgar,

    /// <summary>Korean or Chinese powers of ten behind a number: 만, 천만, 亿.</summary>
    Scale,

    /// <summary>Letters of one script; a name with digits in it (H2O, GPT-4) is one word.</summary>
    Word,

    /// <summary>A LaTeX command without its backslash.</summary>
    Command,

    /// <summary>Raised digits with their sign, as plain ones.</summary>
    Superscript,

    /// <summary>Any other character.</summary>
    Symbol,

    /// <summary>The end of a line.</summary>
    Break,
}

/// <summary>A piece of text.</summary>
internal readonly record struct NumberToken(NumberTokenKind Kind, int Start, int End, string Text, ExactNumber? Value = null)
{
    /// <summary>Gets whether a comma is taken for the decimal point.</summary>
    public bool HasDecimalComma { get; init; }

    /// <summary>Gets whether the number is written in words.</summary>
    public bool IsSpelled { get; init; }

    /// <summary>Gets whether it only dresses what is inside: stars, quotes, brackets, dollar signs.</summary>
    public bool IsMarkup => IsAny("*_$`\"'(){}[]");

    public bool Is(char symbol) => Kind == NumberTokenKind.Symbol && Text[0] == symbol;

    public bool IsAny(string symbols) => Kind == NumberTokenKind.Symbol && symbols.Contains(Text[0], StringComparison.Ordinal);

    public bool IsWord(string word) => Kind == NumberTokenKind.Word && Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>Gets whether it stands for a quantity that nobody knows: x, π.</summary>
    public bool IsVariable => Kind == NumberTokenKind.Word && Text.Length == 1 && !NumberText.IsHangul(Text[0]);
}
