namespace Ensemble.Tokenization.Tests;

/// <summary>The encodings that a fixture runs for.</summary>
internal static class Encodings
{
    public static readonly TokenEncoding[] All = [TokenEncoding.O200kBase, TokenEncoding.Cl100kBase];
}
