namespace Ensemble.Tokenization;

/// <summary>What a cut must not split.</summary>
public enum TextUnit
{
    /// <summary>A Unicode character: no surrogate pair and no UTF-8 sequence is split.</summary>
    Character,

    /// <summary>A grapheme, what readers see as one character: a letter with its accents, an emoji with its modifiers.</summary>
    Grapheme,
}
