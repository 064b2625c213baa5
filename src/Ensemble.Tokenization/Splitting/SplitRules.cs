namespace Ensemble.Tokenization.Splitting;

/// <summary>
/// The splitting expression of a vocabulary, taken apart into what the families differ in. Each instance quotes the expression it stands for.
/// </summary>
internal sealed record SplitRules
{
    /// <summary>
    /// OpenAI <c>o200k_base</c>:
    /// <c>[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>.
    /// </summary>
    public static readonly SplitRules O200k = new()
    {
        AnyLetterPrefix = true,
        SplitsAtCase = true,
        Contractions = ContractionRule.Suffix,
        DigitGroup = 3,
        PunctuationTail = PunctuationTail.NewlinesAndSlashes,
        NewlinesEndRuns = true,
    };

    /// <summary>
    /// OpenAI <c>cl100k_base</c>:
    /// <c>'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s</c>.
    /// </summary>
    public static readonly SplitRules Cl100k = new()
    {
        AnyLetterPrefix = true,
        Contractions = ContractionRule.Alone,
        DigitGroup = 3,
        PunctuationTail = PunctuationTail.Newlines,
        NewlinesEndRuns = true,
        KeepsTrailingWhite = true,
    };

    /// <summary>
    /// Llama 3 and Phi-4, <c>cl100k_base</c> without <c>\s++$</c>:
    /// <c>(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>.
    /// </summary>
    public static readonly SplitRules Llama3 = Cl100k with { KeepsTrailingWhite = false };

    /// <summary>Qwen 2 and 3: as Llama 3, with digits one by one (<c>\p{N}</c>).</summary>
    public static readonly SplitRules Qwen2 = Llama3 with { DigitGroup = 1 };

    /// <summary>
    /// GPT-2, the byte-level pre-tokenizer's own expression:
    /// <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>.
    /// </summary>
    public static readonly SplitRules Gpt2 = new() { Contractions = ContractionRule.AloneLowerCase };

    /// <summary>SmolLM2: each digit is cut out first, and GPT-2's expression sees only what lies between.</summary>
    public static readonly SplitRules Gpt2SingleDigits = Gpt2 with { DigitGroup = 1, DigitsCutText = true };

    /// <summary>Any one character but a newline, a letter or a number may lead a word; otherwise a space may.</summary>
    public bool AnyLetterPrefix { get; init; }

    /// <summary>A word ends where an upper-case letter follows a lower-case one, and marks count as letters.</summary>
    public bool SplitsAtCase { get; init; }

    /// <summary>What becomes of <c>'s</c>, <c>'re</c> and their like.</summary>
    public ContractionRule Contractions { get; init; }

    /// <summary>The most digits in a piece; 0 for no limit, with a space that may lead them.</summary>
    public int DigitGroup { get; init; }

    /// <summary>The characters that a run of punctuation takes along.</summary>
    public PunctuationTail PunctuationTail { get; init; }

    /// <summary>White space up to its last newline is a piece of its own.</summary>
    public bool NewlinesEndRuns { get; init; }

    /// <summary>White space at the end of the text is one piece, newlines or not.</summary>
    public bool KeepsTrailingWhite { get; init; }

    /// <summary>A digit is an end of the text to what precedes it.</summary>
    public bool DigitsCutText { get; init; }
}

/// <summary>How a splitting expression treats English contractions.</summary>
internal enum ContractionRule
{
    /// <summary>A piece of their own, in any case, wherever a piece may start.</summary>
    Alone,

    /// <summary>As <see cref="Alone"/>, in lower case only.</summary>
    AloneLowerCase,

    /// <summary>They stay with the word they follow.</summary>
    Suffix,
}

/// <summary>The characters that a run of punctuation takes along.</summary>
internal enum PunctuationTail
{
    None,
    Newlines,
    NewlinesAndSlashes,
}
