namespace Ensemble.Tokenization.Splitting;

/// <summary>What the splitting expressions distinguish, one bit each; a newline is also white space.</summary>
[Flags]
internal enum CharClass : byte
{
    None = 0,

    /// <summary><c>\p{Lu}</c> and <c>\p{Lt}</c>.</summary>
    Upper = 1,

    /// <summary><c>\p{Ll}</c>.</summary>
    Lower = 2,

    /// <summary><c>\p{Lm}</c> and <c>\p{Lo}</c>: letters that have no case.</summary>
    Caseless = 4,

    /// <summary><c>\p{M}</c>.</summary>
    Mark = 8,

    /// <summary><c>\p{N}</c>.</summary>
    Number = 16,

    /// <summary><c>\s</c>.</summary>
    White = 32,

    /// <summary>Carriage return and line feed.</summary>
    Newline = 64,

    /// <summary>Everything else.</summary>
    Other = 128,

    Letter = Upper | Lower | Caseless,
}
