namespace Ensemble.Tokenization;

/// <summary>What a text that contains the name of a special token, such as <c>&lt;|endoftext|&gt;</c>, means.</summary>
public enum SpecialTokens
{
    /// <summary>The name is text like any other: the default, and right for whatever users wrote.</summary>
    AsText,

    /// <summary>The name is the one special token.</summary>
    AsTokens,
}
