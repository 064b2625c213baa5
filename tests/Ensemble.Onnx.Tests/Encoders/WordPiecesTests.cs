namespace Ensemble.Onnx.Tests.Encoders;

public sealed class WordPiecesTests
{
    private static readonly WordPieces Pieces = new(
        TinyTokenizers.Words.Select((word, id) => (word, id)).ToDictionary(x => x.word, x => x.id, StringComparer.Ordinal), new BertWords(true, true, true), unknown: 1);

    [TestCase("Hello worlds", new[] { 4, 5, 6 })]
    [TestCase("goodness badly goodly", new[] { 21, 27, 22, 23, 21, 23 })]
    [TestCase("ab abb", new[] { 8, 10, 8, 10, 10 })]
    [TestCase("goodx", new[] { 1 })]
    [TestCase("zzz yyy", new[] { 1, 1 })]
    [TestCase("[SEP] [PAD]", new[] { 24, 26, 25, 24, 1, 25 })]
    [TestCase("中文", new[] { 19, 20 })]
    [TestCase("", new int[0])]
    public void Encode_TakesTheLongestKnownPieceAgainAndAgain(string text, int[] ids) => Assert.That(Pieces.Encode(text, 100), Is.EqualTo(ids));

    [TestCase(100, 100)]
    [TestCase(101, 1)]
    public void Encode_WordOfMoreThanAHundredCharacters_IsUnknown(int length, int count) => Assert.That(Pieces.Encode("a" + new string('b', length - 1), 1000), Has.Length.EqualTo(count));

    [Test]
    public void Encode_EnoughPieces_ReadsNoFurther()
    {
        string text = string.Concat(Enumerable.Repeat("hello ", 1_000_000));

        Assert.That(Pieces.Encode(text, 64), Has.Length.EqualTo(64));
    }
}
