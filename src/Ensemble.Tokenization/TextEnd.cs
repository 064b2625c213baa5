namespace Ensemble.Tokenization;

/// <summary>Which end of a text to keep.</summary>
public enum TextEnd
{
    /// <summary>The beginning.</summary>
    Head,

    /// <summary>The end.</summary>
    Tail,
}
