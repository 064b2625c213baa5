namespace Ensemble;

/// <summary>How the tokens of a prompt are told for a model.</summary>
internal enum InputCounting
{
    /// <summary>Not counted: a token is at least one byte of UTF-8, so the bytes bound the tokens.</summary>
    Bytes = 0,

    /// <summary>Counted in o200k_base.</summary>
    O200kBase,

    /// <summary>Counted in cl100k_base.</summary>
    Cl100kBase,
}
