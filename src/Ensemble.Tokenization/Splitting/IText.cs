namespace Ensemble.Tokenization.Splitting;

/// <summary>A text as the scanner sees it, in either encoding. Positions are code units.</summary>
internal interface IText
{
    int Length { get; }

    /// <summary>Whether what is appended may complete the last character.</summary>
    bool EndsInsideCharacter { get; }

    /// <summary>A code unit.</summary>
    int this[int index] { get; }

    /// <summary>The class of the character that starts at an index, and its code units.</summary>
    CharClass ClassAt(int index, out int length);

    /// <summary>Whether U+017F starts at an index.</summary>
    bool IsLongS(int index, out int length);
}
