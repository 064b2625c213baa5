using CsCheck;

namespace Ensemble.Tokenization.Tests.Texts;

/// <summary>Random texts that exercise every rule of the splitting expressions, lone surrogates included.</summary>
internal static class TextGen
{
    private static readonly string[] Fragments =
    [
        "a", "b", "s", "S", "X", "Z", "é", "É", "中", "文", "한", "글", "あ", "ʰ", "ǅ", "\u0301", "\u200d", "\u017f",
        " ", "  ", "    ", "\t", "\n", "\r\n", "\r", "\u00a0", "\u3000", "\u2028", "\u0085", "\ufeff",
        "0", "1", "23", "٣", "½", "𝟎", "𝐀", "𝐛", "𐐀", "𐐨", "😀", "👍🏽", "👨‍👩‍👧", "🇩🇪", "𠀀", "\ud800", "\udc00", "\ufffd",
        "'", "'s", "'S", "'ll", "'LL", "'re", "'ve", "'l", ".", ",", "/", "//", "!!", "-", "_", "(", "\"", "{", "…", "“", "™",
        "the", " the", " hello", "World", "HTTPServer", "helloWorld", "internationalization", "    return", "\n\n", "  \n  ", "----------------", "========",
    ];

    /// <summary>Up to some dozens of fragments.</summary>
    public static Gen<string> Mixed { get; } = Join(AnyOf(Fragments), 0, 40);

    /// <summary>Longer texts that mix many blocks of 64 units.</summary>
    public static Gen<string> Long { get; } = Join(AnyOf(Fragments), 40, 400);

    /// <summary>A run of few fragments over and over, the kind of text that long pieces come from.</summary>
    public static Gen<string> Run { get; } =
        Gen.Select(Join(AnyOf(Fragments), 1, 3), Gen.Int[1, 700], Mixed, Mixed)
            .Select((fragment, times, before, after) => before + string.Concat(Enumerable.Repeat(fragment, times)) + after);

    /// <summary>Words of random letters, which merge in every possible way.</summary>
    public static Gen<string> Letters { get; } = Join(AnyOf([.. "etaoinshrdlucmfwypvbgkjqxz".Select(c => c.ToString())]), 1, 900);

    /// <summary>Runs of one character each behind one another: what one piece goes on with or ends at, at any length.</summary>
    public static Gen<string> Pieces { get; } =
        Gen.Select(AnyOf([.. Fragments.Where(fragment => fragment.Length < 3)]), Gen.OneOf(Gen.Int[1, 3], Gen.Int[1, 300])).Array[1, 6]
            .Select(runs => string.Concat(runs.Select(run => string.Concat(Enumerable.Repeat(run.Item1, run.Item2)))));

    /// <summary>Any of the others.</summary>
    public static Gen<string> Any { get; } = Gen.OneOf(Mixed, Mixed, Long, Run, Letters);

    private static Gen<string> AnyOf(string[] fragments) => Gen.Int[0, fragments.Length - 1].Select(i => fragments[i]);

    private static Gen<string> Join(Gen<string> fragment, int min, int max) => fragment.Array[min, max].Select(fragments => string.Concat(fragments));
}
